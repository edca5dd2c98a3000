package parlance.leancloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages are changed and taken back. */
class PatchTest extends Stage {
    private String talk;
    private Said sent;

    @BeforeEach
    void start() {
        talk = talk();
        sent = tom.send(talk, Draft.text("helo"));
        jerry.next("Message");
        while (System.currentTimeMillis() <= sent.at()) {
            // What is done to it has a later moment.
            Thread.onSpinWait();
        }
    }

    @Test
    void aMessageIsEdited() {
        Said edited = tom.edit(sent, Draft.text("hello").with(Map.of("edited", true)));
        assertTrue(sent.at() < edited.edited());
        Said heard = jerry.next("MessageUpdated").said();
        assertEquals(sent.id(), heard.id());
        assertEquals("hello", heard.text());
        assertEquals(Map.of("edited", true), heard.attrs());
        assertEquals(sent.at(), heard.at());
        assertEquals(tom.id(), heard.from());
        assertEquals("hello", jerry.history(talk, 1).get(0).text());
    }

    @Test
    void aMessageIsRecalled() {
        Said recalled = tom.recall(sent);
        assertEquals("AVIMRecalledMessage", recalled.kind());
        Said heard = jerry.next("MessageRecalled").said();
        assertEquals(sent.id(), heard.id());
        assertEquals("AVIMRecalledMessage", heard.kind());
        assertEquals("AVIMRecalledMessage", jerry.history(talk, 1).get(0).kind());
    }

    @Test
    void nobodyEditsWhatAnotherSaid() {
        Said heard = jerry.history(talk, 1).get(0);
        refused(4403, () -> jerry.edit(heard, Draft.text("mine")));
        refused(4403, () -> jerry.recall(heard));
        assertEquals("helo", tom.history(talk, 1).get(0).text());
    }

    /** Who was away is told at the next login. */
    @Test
    void whoWasAwayIsTold() {
        jerry.close();
        tom.edit(sent, Draft.text("hello"));
        Client back = jerryAgain();
        back.open();
        Said heard = back.next("MessageUpdated").said();
        assertEquals(sent.id(), heard.id());
        assertEquals("hello", heard.text());
    }

    /** One's own other device is told. */
    @Test
    void theOtherDeviceIsTold() {
        Client tablet = opened(device(Options.of(App.OPEN).counting()), tom.id());
        tom.edit(sent, Draft.text("hello"));
        assertEquals("hello", tablet.next("MessageUpdated").said().text());
    }
}
