package parlance.leancloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What came while somebody was away. */
class UnreadTest extends Stage {
    private String talk;
    private Client back;

    @BeforeEach
    void start() {
        talk = talk();
        jerry.close();
        back = jerryAgain();
    }

    /** At the login the counter comes, and the last message with it. */
    @Test
    void theCounterComesWithTheLogin() {
        tom.send(talk, Draft.text("one"));
        tom.send(talk, Draft.text("two"));
        Said last = tom.send(talk, Draft.text("three"));
        back.open();
        Event heard = back.next("Unread");
        assertEquals(talk, heard.conversation());
        assertEquals(3, heard.more().get("unread"));
        assertEquals(false, heard.more().get("mentioned"));
        assertEquals(last.id(), heard.said().id());
        assertEquals("three", heard.said().text());
        assertTrue(back.nothing("Message"));
    }

    @Test
    void whoWasMentionedIsTold() {
        tom.send(talk, Draft.text("@jerry").mentioning(back.id()));
        tom.send(talk, Draft.text("never mind"));
        back.open();
        Event heard = back.next("Unread");
        assertEquals(2, heard.more().get("unread"));
        assertEquals(true, heard.more().get("mentioned"));
    }

    /** What was read is not counted again. */
    @Test
    void readingSetsTheCounterBack() {
        tom.send(talk, Draft.text("one"));
        back.open();
        back.next("Unread");
        back.read(talk);
        assertEquals(0, back.next("Unread").more().get("unread"));
        back.online(tom.id());
        back.close();
        tom.send(talk, Draft.text("two"));
        back = jerryAgain();
        back.open();
        assertEquals(1, back.next("Unread").more().get("unread"));
    }

    /** The other device is told that everything was read. */
    @Test
    void theOtherDeviceIsToldWhatWasRead() {
        tom.send(talk, Draft.text("one"));
        Client tablet = opened(device(Options.of(App.OPEN).counting()), back.id());
        back.open();
        assertEquals(1, tablet.next("Unread").more().get("unread"));
        assertEquals(1, back.next("Unread").more().get("unread"));
        back.read(talk);
        assertEquals(0, tablet.next("Unread").more().get("unread"));
    }

    /** Bytes can be the last message, too. */
    @Test
    void theLastMessageMayBeBytes() {
        tom.send(talk, Draft.binary(new byte[] {1, 2, 3}));
        back.open();
        Event heard = back.next("Unread");
        assertEquals("AVIMBinaryMessage", heard.said().kind());
        assertEquals(3, heard.said().bytes().length);
    }

    /** Before there were counters, the messages themselves came. */
    @Test
    void anOlderSdkGetsTheMessagesThemselves() {
        tom.send(talk, Draft.text("one"));
        tom.send(talk, Draft.binary(new byte[] {1, 2, 3}));
        tom.send(talk, Draft.text("three"));
        try (Line line = Line.older(App.OPEN.base())) {
            Client old = device(Options.of(App.OPEN).at(line.address())).client(back.id());
            old.open();
            assertEquals("one", old.next("Message").said().text());
            assertEquals(3, old.next("Message").said().bytes().length);
            assertEquals("three", old.next("Message").said().text());
            assertTrue(old.nothing("Unread"));
            tom.send(talk, Draft.text("four"));
            assertEquals("four", old.next("Message").said().text());
        }
    }

    /** What has arrived does not come twice. */
    @Test
    void whatHasArrivedDoesNotComeTwice() {
        tom.send(talk, Draft.text("one").asking());
        try (Line line = Line.older(App.OPEN.base())) {
            Client old = device(Options.of(App.OPEN).at(line.address())).client(back.id());
            old.open();
            assertEquals("one", old.next("Message").said().text());
            tom.next("LastDeliveredAt");
        }
        try (Line line = Line.older(App.OPEN.base())) {
            Client old = device(Options.of(App.OPEN).at(line.address())).client(back.id());
            old.open();
            assertTrue(old.nothing("Message"));
        }
    }
}
