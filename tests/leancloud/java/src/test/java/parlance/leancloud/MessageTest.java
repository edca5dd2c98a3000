package parlance.leancloud;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages of every type. */
class MessageTest extends Stage {
    private String talk;

    @BeforeEach
    void start() {
        talk = talk();
    }

    private Said heard() {
        return jerry.next("Message").said();
    }

    /** What is sent has an id and a time, and arrives with the same. */
    @Test
    void aTextArrives() {
        Said sent = tom.send(talk, Draft.text("Miau 喵 🐱").with(Map.of("mood", "good", "n", 1)));
        assertNotNull(sent.id());
        assertEquals("Sent", sent.status());
        Said got = heard();
        assertEquals(sent.id(), got.id());
        assertEquals(sent.at(), got.at());
        assertEquals(talk, got.conversation());
        assertEquals(tom.id(), got.from());
        assertEquals("AVIMTextMessage", got.kind());
        assertEquals("Miau 喵 🐱", got.text());
        assertEquals(Map.of("mood", "good", "n", 1), got.attrs());
    }

    @Test
    void aPlaceArrives() {
        tom.send(talk, Draft.place(31.2304, 121.4737, "here"));
        Said got = heard();
        assertEquals("AVIMLocationMessage", got.kind());
        assertEquals("here", got.text());
        assertEquals(Map.of("latitude", 31.2304, "longitude", 121.4737), got.file());
    }

    /** What an app has made up itself is not touched. */
    @Test
    void anOwnTypeArrives() {
        Map<String, Object> order = Map.of("order", Map.of("id", "A-1", "lines", List.of("margherita", "marinara")));
        tom.send(talk, Draft.custom("two pizzas").with(order));
        Said got = heard();
        assertEquals("OrderMessage", got.kind());
        assertEquals("two pizzas", got.text());
        assertEquals(order, got.attrs());
    }

    /** Text that is no JSON at all. */
    @Test
    void plainTextArrives() {
        tom.send(talk, Draft.plain("just { text"));
        Said got = heard();
        assertEquals("AVIMMessage", got.kind());
        assertEquals("just { text", got.content());
    }

    /** JSON of nobody's making keeps every letter. */
    @Test
    void foreignJsonArrivesLetterByLetter() {
        String content = "{ \"b\" : 1.50, \"a\" : [ null, \"\\u00e9\" ] }";
        tom.send(talk, Draft.plain(content));
        assertEquals(content, heard().content());
    }

    @Test
    void bytesArrive() {
        byte[] bytes = {0, 1, -1, 127, -128, 10};
        tom.send(talk, Draft.binary(bytes));
        Said got = heard();
        assertEquals("AVIMBinaryMessage", got.kind());
        assertArrayEquals(bytes, got.bytes());
    }

    @Test
    void someAreMentioned() {
        Client butch = third("butch");
        tom.add(talk, butch.id());
        butch.next("Invited");
        tom.send(talk, Draft.text("@jerry").mentioning(jerry.id()));
        Said got = heard();
        assertEquals(List.of(jerry.id()), got.mentions());
        assertEquals(false, got.mentionsAll());
        assertEquals(List.of(jerry.id()), butch.next("Message").said().mentions());
    }

    @Test
    void allAreMentioned() {
        tom.send(talk, Draft.text("@all").mentioningAll());
        assertTrue(heard().mentionsAll());
    }

    /** Heard by those who are there, and gone. */
    @Test
    void aFleetingMessageLeavesNoTrace() {
        tom.send(talk, Draft.text("typing").fleeting());
        assertEquals("typing", heard().text());
        assertEquals(List.of(), jerry.history(talk, 10));
    }

    @Test
    void whatIsToBePushedMayComeWithIt() {
        tom.send(talk, Draft.text("wake up").pushing("{\"alert\":\"wake up\"}"));
        assertEquals("wake up", heard().text());
    }

    /** 5 KiB are the most. */
    @Test
    void aMessageMayBeTooLong() {
        tom.send(talk, Draft.text("x".repeat(4900)));
        assertEquals(4900, heard().text().length());
        refused(4109, () -> tom.send(talk, Draft.text("x".repeat(5200))));
    }

    /** Many messages come in the order in which they were sent, with times that grow. */
    @Test
    void messagesKeepTheirOrder() {
        List<String> sent = new ArrayList<>();
        for (int n = 0; n < 15; n++) {
            sent.add(tom.send(talk, Draft.text("no " + n)).id());
        }
        List<String> got = new ArrayList<>();
        long last = 0;
        for (int n = 0; n < 15; n++) {
            Said each = heard();
            assertTrue(last < each.at());
            last = each.at();
            got.add(each.id());
        }
        assertEquals(sent, got);
    }

    /** Two clients on one device talk to each other over one socket. */
    @Test
    void twoClientsShareASocket() {
        Client butch = third("butch");
        tom.add(talk, butch.id());
        butch.next("Invited");
        butch.send(talk, Draft.text("from the same phone"));
        assertEquals("from the same phone", heard().text());
        assertTrue(butch.nothing("Message"));
    }

    /** The sender's other device hears it too. */
    @Test
    void theOtherDeviceHearsIt() {
        Client tablet = opened(device(Options.of(App.OPEN).counting()), tom.id());
        tom.send(talk, Draft.text("from the phone"));
        Said got = tablet.next("Message").said();
        assertEquals("from the phone", got.text());
        assertEquals(tom.id(), got.from());
        assertTrue(tom.nothing("Message"));
    }

    /** Sent when its sender is lost, but not when he goes. */
    @Test
    void aWillIsSentWhenItsSenderIsLost() {
        Sdk phone = device(Options.of(App.OPEN).counting());
        Client butch = phone.client(fresh("butch"));
        butch.open();
        tom.add(talk, butch.id());
        butch.next("Invited");
        Said will = butch.send(talk, Draft.text("I am lost").will());
        assertTrue(jerry.nothing("Message"));
        phone.drop();
        Said got = heard();
        assertEquals("I am lost", got.text());
        assertEquals(will.id(), got.id());
    }

    @Test
    void aWillIsForgottenWhenItsSenderGoes() {
        Sdk phone = device(Options.of(App.OPEN).counting());
        Client butch = phone.client(fresh("butch"));
        butch.open();
        tom.add(talk, butch.id());
        butch.next("Invited");
        butch.send(talk, Draft.text("I am lost").will());
        butch.close();
        phone.drop();
        assertTrue(jerry.nothing("Message"));
    }
}
