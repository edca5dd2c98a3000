package parlance.leancloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Logging in and out, losing the line and coming back. */
class ConnectionTest extends Stage {
    /** The router tells the SDK where the socket is. */
    @Test
    void theRouterIsAsked() {
        Client butch = opened(device(Options.of(App.OPEN)), fresh("butch"));
        assertEquals(List.of(butch.id()), butch.online(butch.id()));
    }

    /** An app may say where the socket is. */
    @Test
    void theSocketsAddressMayBeGiven() {
        Client butch = opened(device(Options.of(App.OPEN).at(App.OPEN.socket())), fresh("butch"));
        assertEquals(List.of(butch.id()), butch.online(butch.id()));
    }

    @Test
    void oneSeesWhoIsOnline() {
        assertEquals(List.of(jerry.id()), tom.online(jerry.id(), "nobody"));
        jerry.close();
        assertEquals(List.of(), tom.online(jerry.id(), "nobody"));
    }

    /** An id is any text. */
    @Test
    void anIdMayBeAnyText() {
        Client cat = opened(device(Options.of(App.OPEN).counting()), fresh("猫 🐱 +%/?&"));
        String talk = talk(cat);
        tom.send(talk, Draft.text("miau"));
        assertEquals("miau", cat.next("Message").said().text());
        assertEquals(List.of(cat.id()), tom.online(cat.id()));
        cat.send(talk, Draft.text("miau!"));
        assertEquals(cat.id(), tom.next("Message").said().from());
    }

    /** An id of more than 64 characters is none; the others on the socket do not notice. */
    @Test
    void anImpossibleIdIsRefused() {
        Sdk phone = device(Options.of(App.OPEN));
        Client butch = opened(phone, fresh("butch"));
        refused(4103, () -> phone.client("x".repeat(65)).open());
        assertEquals(List.of(butch.id()), butch.online(butch.id()));
    }

    /** After the line was cut the SDK comes back with its token, and hears what is said then. */
    @Test
    void aClientComesBack() {
        try (Line line = new Line(App.OPEN.base())) {
            Sdk phone = device(Options.of(App.OPEN).counting().at(line.address()));
            Client butch = phone.client(fresh("butch"));
            butch.open();
            String talk = talk(jerry, butch);
            line.cut();
            butch.next("ConnectionPaused");
            tom.send(talk, Draft.text("while you were away"));
            phone.connect();
            butch.next("ConnectionResume");
            assertEquals("while you were away", butch.next("Unread").said().text());
            tom.send(talk, Draft.text("welcome back"));
            assertEquals("welcome back", butch.next("Message").said().text());
            butch.send(talk, Draft.text("thanks"));
            assertEquals("thanks", tom.next("Message").said().text());
        }
    }

    /** Both clients of a socket come back. */
    @Test
    void twoClientsComeBack() {
        try (Line line = new Line(App.OPEN.base())) {
            Sdk phone = device(Options.of(App.OPEN).counting().at(line.address()));
            Client butch = phone.client(fresh("butch"));
            Client spike = phone.client(fresh("spike"));
            butch.open();
            spike.open();
            String talk = talk(butch, spike);
            line.cut();
            butch.next("ConnectionPaused");
            phone.connect();
            butch.next("ConnectionResume");
            // Both are back before anything else that comes over their socket is answered.
            spike.online(butch.id(), spike.id());
            tom.send(talk, Draft.text("both?"));
            assertEquals("both?", butch.next("Message").said().text());
            assertEquals("both?", spike.next("Message").said().text());
        }
    }

    /** Who comes back soon is in the room again. */
    @Test
    void aRoomIsEnteredAgain() {
        String room = tom.startRoom("Kitchen").id();
        try (Line line = new Line(App.OPEN.base())) {
            Sdk phone = device(Options.of(App.OPEN).counting().at(line.address()));
            Client butch = phone.client(fresh("butch"));
            butch.open();
            butch.join(room);
            line.cut();
            butch.next("ConnectionPaused");
            phone.connect();
            butch.next("ConnectionResume");
            tom.send(room, Draft.text("still here?"));
            assertEquals("still here?", butch.next("Message").said().text());
        }
    }

    /** An app that the server does not know. */
    @Test
    void anUnknownAppIsRefused() {
        App nobodys = new App(App.OPEN.base(), "nobodys-app-0001", "key", "key");
        Sdk phone = device(Options.of(nobodys).at(App.OPEN.socket()));
        refused(4100, () -> phone.client(fresh("butch")).open());
    }

    /** With a tag a client is on one device at a time: who logs in anew, wins. */
    @Test
    void theNewerDeviceWins() {
        String name = fresh("butch");
        Client phone = device(Options.of(App.OPEN)).client(name, "mobile");
        phone.open();
        Client other = device(Options.of(App.OPEN)).client(name, "mobile");
        other.open();
        assertEquals(4111, phone.next("ClientOffline").more().get("code"));
        assertEquals(List.of(name), other.online(name));
    }

    /** Who only comes back does not throw out who is there. */
    @Test
    void whoComesBackLosesToTheNewerDevice() {
        String name = fresh("butch");
        Client phone = device(Options.of(App.OPEN)).client(name, "mobile");
        phone.open();
        Client other = device(Options.of(App.OPEN)).client(name, "mobile");
        other.reopen();
        assertEquals(4111, other.next("ClientOffline").more().get("code"));
        assertTrue(phone.nothing("ClientOffline"));
    }

    /** Other tags, other devices. */
    @Test
    void differentTagsLiveSideBySide() {
        String name = fresh("butch");
        Client phone = device(Options.of(App.OPEN)).client(name, "mobile");
        phone.open();
        Client desk = device(Options.of(App.OPEN)).client(name, "desktop");
        desk.open();
        assertTrue(phone.nothing("ClientOffline"));
        assertTrue(desk.nothing("ClientOffline"));
    }
}
