package parlance.leancloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The sender hears when something has arrived and when it was read. */
class ReceiptTest extends Stage {
    @Test
    void itHasArrived() {
        String talk = talk();
        Said sent = tom.send(talk, Draft.text("there?").asking());
        jerry.next("Message");
        Event arrived = tom.next("LastDeliveredAt");
        assertEquals(talk, arrived.conversation());
        assertTrue(sent.at() <= tom.lastDeliveredAt(talk));
    }

    @Test
    void itWasRead() {
        String talk = talk();
        Said sent = tom.send(talk, Draft.text("there?").asking());
        jerry.next("Message");
        jerry.read(talk);
        assertEquals(talk, tom.next("LastReadAt").conversation());
        assertTrue(sent.at() <= tom.lastReadAt(talk));
    }

    /** Who does not ask is not told. */
    @Test
    void nobodyIsToldWhoDidNotAsk() {
        String talk = talk();
        tom.send(talk, Draft.text("there?"));
        jerry.next("Message");
        jerry.read(talk);
        jerry.online(tom.id());
        assertTrue(tom.nothing("LastDeliveredAt"));
        assertTrue(tom.nothing("LastReadAt"));
    }

    /** Who was away is caught up with when he comes: what he reads then was delivered as well. */
    @Test
    void itArrivesLater() {
        String talk = talk();
        jerry.close();
        tom.send(talk, Draft.text("later").asking());
        assertTrue(tom.nothing("LastDeliveredAt"));
        Client back = jerryAgain();
        back.open();
        back.next("Unread");
        back.history(talk, 10);
        assertEquals(talk, tom.next("LastDeliveredAt").conversation());
    }

    /** Asked for, the marks are there, receipts or not. */
    @Test
    void theMarksCanBeAskedFor() {
        String talk = talk();
        Said sent = tom.send(talk, Draft.text("there?"));
        jerry.next("Message");
        jerry.read(talk);
        jerry.online(tom.id());
        tom.fetchReceipts(talk);
        assertTrue(sent.at() <= tom.lastReadAt(talk));
    }
}
