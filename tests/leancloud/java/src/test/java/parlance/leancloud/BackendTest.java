package parlance.leancloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What the app's backend does, the SDK hears; what the SDK does, the backend sees. */
class BackendTest extends Stage {
    private static final String SAID =
            "{\"from_client\":\"robot\",\"message\":\"{\\\"_lctype\\\":-1,\\\"_lctext\\\":\\\"beep\\\"}\"}";
    private final Backend backend = new Backend(App.OPEN);

    @Test
    void theBackendSpeaks() {
        String talk = talk();
        String answer = backend.ask("POST", "conversations/" + talk + "/messages", SAID);
        Said heard = jerry.next("Message").said();
        assertEquals("beep", heard.text());
        assertEquals("robot", heard.from());
        assertEquals(Backend.field("msg-id", answer), heard.id());
        assertEquals(heard.id(), tom.next("Message").said().id());
    }

    @Test
    void theBackendTakesBackWhatTheSdkSaid() {
        String talk = talk();
        Said said = tom.send(talk, Draft.text("oops"));
        jerry.next("Message");
        backend.ask("PUT", "conversations/" + talk + "/messages/" + said.id() + "/recall",
                "{\"from_client\":\"" + tom.id() + "\",\"timestamp\":" + said.at() + "}");
        assertEquals(said.id(), jerry.next("MessageRecalled").said().id());
        assertEquals(said.id(), tom.next("MessageRecalled").said().id());
    }

    @Test
    void theBackendReadsWhatTheSdkSaid() {
        String talk = talk();
        Said said = tom.send(talk, Draft.text("for the record"));
        String rows = backend.ask("GET", "conversations/" + talk + "/messages", null);
        assertEquals(said.id(), Backend.field("msg-id", rows));
        assertEquals(tom.id(), Backend.field("from", rows));
        assertTrue(rows.contains("for the record"));
    }

    @Test
    void theBackendBringsSomebodyIn() {
        String talk = talk();
        Client butch = third("butch");
        backend.ask("POST", "conversations/" + talk + "/members", "{\"client_ids\":[\"" + butch.id() + "\"]}");
        assertEquals(talk, butch.next("Invited").conversation());
        assertEquals(List.of(butch.id()), jerry.next("MemberJoined").members());
    }

    @Test
    void theBackendThrowsSomebodyOut() {
        Client butch = device(Options.of(App.OPEN)).client(fresh("butch"));
        butch.open();
        backend.ask("POST", "clients/" + butch.id() + "/kick", "{\"reason\":\"be nice\"}");
        assertEquals(4115, butch.next("ClientOffline").more().get("code"));
        assertEquals(List.of(), tom.online(butch.id()));
    }

    /** Whoever subscribes hears what is said to all subscribers, and answers without being heard by the others. */
    @Test
    void aServiceConversationIsHeard() {
        String service = Backend.field("objectId", backend.ask("POST", "service-conversations", "{\"name\":\"News\"}"));
        Talk found = jerry.find(Condition.with("whereEqualTo", "objectId", service)).get(0);
        assertEquals("AVIMServiceConversation", found.kind());
        assertEquals("News", found.name());
        tom.join(service);
        jerry.join(service);
        backend.ask("POST", "service-conversations/" + service + "/broadcasts", SAID);
        assertEquals("beep", tom.next("Message").said().text());
        Said heard = jerry.next("Message").said();
        assertEquals(service, heard.conversation());
        jerry.send(service, Draft.text("thanks"));
        assertTrue(tom.nothing("Message"));
        tom.quit(service);
        backend.ask("POST", "service-conversations/" + service + "/broadcasts", SAID);
        jerry.next("Message");
        assertTrue(tom.nothing("Message"));
    }
}
