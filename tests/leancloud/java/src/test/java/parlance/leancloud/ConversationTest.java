package parlance.leancloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Conversations of all kinds, and what is written about them. */
class ConversationTest extends Stage {
    /** Who starts one gets it with what he said of it; everybody hears who is in it. */
    @Test
    void aConversationIsStarted() {
        Talk talk = tom.start(List.of(jerry.id()), "Cats", Map.of("colour", "grey"), false);
        assertEquals("Cats", talk.name());
        assertEquals(tom.id(), talk.creator());
        assertEquals(Set.of(tom.id(), jerry.id()), talk.members());
        assertTrue(talk.createdAt() > 0);
        Event invited = jerry.next("Invited");
        assertEquals(talk.id(), invited.conversation());
        assertEquals(tom.id(), invited.by());
        assertEquals(talk.members(), Set.copyOf(jerry.next("MemberJoined").members()));
        assertEquals(talk.members(), Set.copyOf(tom.next("MemberJoined").members()));
    }

    /** Another client gets from the server what the one who started it has. */
    @Test
    void aConversationIsTheSameForEverybody() {
        Talk mine = tom.start(List.of(jerry.id()), "Cats", Map.of("colour", "grey", "age", 3), false);
        Talk theirs = jerry.fetch(mine.id());
        assertEquals("Cats", theirs.name());
        assertEquals(tom.id(), theirs.creator());
        assertEquals(mine.members(), theirs.members());
        assertEquals("grey", theirs.attributes().apply("colour"));
        assertEquals(3, theirs.attributes().apply("age"));
        assertEquals(mine.createdAt(), theirs.createdAt());
    }

    /** The same people have one unique conversation, whoever starts it. */
    @Test
    void aUniqueConversationIsFoundAgain() {
        String first = tom.start(List.of(jerry.id()), "one", Map.of(), true).id();
        assertEquals(first, tom.start(List.of(jerry.id()), "two", Map.of(), true).id());
        assertEquals(first, jerry.start(List.of(tom.id()), "three", Map.of(), true).id());
        assertEquals("one", tom.fetch(first).name());
    }

    /** Without that wish each start makes another. */
    @Test
    void conversationsThatAreNotUniqueAreManifold() {
        String first = tom.start(List.of(jerry.id()), "one", Map.of(), false).id();
        assertNotEquals(first, tom.start(List.of(jerry.id()), "one", Map.of(), false).id());
    }

    /** Three have a unique conversation as well. */
    @Test
    void aUniqueConversationOfThreeIsFoundAgain() {
        Client butch = third("butch");
        String first = tom.start(List.of(jerry.id(), butch.id()), "all", Map.of(), true).id();
        assertEquals(first, butch.start(List.of(tom.id(), jerry.id()), "all", Map.of(), true).id());
    }

    /** A temporary one has its own class and an end, and carries messages. */
    @Test
    void aTemporaryConversationCarriesMessages() {
        Talk talk = tom.startTemporary(List.of(jerry.id()), 3600);
        assertTrue(talk.id().startsWith("_tmp:"));
        assertEquals("AVIMTemporaryConversation", talk.kind());
        long now = System.currentTimeMillis() / 1000;
        assertTrue(talk.expiresAt() > now + 3500 && talk.expiresAt() <= now + 3601);
        assertEquals(talk.id(), jerry.next("Invited").conversation());
        tom.send(talk.id(), Draft.text("quick"));
        assertEquals("quick", jerry.next("Message").said().text());
        jerry.send(talk.id(), Draft.text("back"));
        assertEquals("back", tom.next("Message").said().text());
        assertEquals(Set.of(tom.id(), jerry.id()), jerry.fetch(talk.id()).members());
    }

    /** In a room are those who have entered, and nobody is told. */
    @Test
    void aChatRoomIsEntered() {
        Talk room = tom.startRoom("Kitchen");
        assertEquals("AVIMChatRoom", room.kind());
        Talk found = jerry.find(Condition.with("whereEqualTo", "objectId", room.id()),
                Condition.with("whereEqualTo", "tr", true)).get(0);
        assertEquals("AVIMChatRoom", found.kind());
        jerry.join(room.id());
        assertEquals(2, tom.count(room.id()));
        tom.send(room.id(), Draft.text("who is here?"));
        assertEquals("who is here?", jerry.next("Message").said().text());
        assertTrue(tom.nothing("MemberJoined"));
        jerry.quit(room.id());
        assertEquals(1, tom.count(room.id()));
        tom.send(room.id(), Draft.text("hello?"));
        assertTrue(jerry.nothing("Message"));
    }

    /** Whoever is in it may change it; the others hear what has changed. */
    @Test
    void attributesAreChanged() {
        String talk = tom.start(List.of(jerry.id()), "old", Map.of("kept", 1, "changed", 1), false).id();
        jerry.next("Invited");
        tom.change(talk, Map.of("name", "new", "changed", 2, "added", List.of("a", "b")));
        Event heard = jerry.next("InfoChanged");
        assertEquals(tom.id(), heard.by());
        assertEquals("new", heard.more().get("name"));
        Talk found = jerry.fetch(talk);
        assertEquals("new", found.name());
        assertEquals(1, found.attributes().apply("kept"));
        assertEquals(2, found.attributes().apply("changed"));
        assertEquals(List.of("a", "b"), found.attributes().apply("added"));
        assertTrue(found.updatedAt() >= found.createdAt());
    }

    /** An app may have columns of its own beside the attributes. */
    @Test
    void columnsAreSet() {
        String talk = talk();
        tom.set(talk, Map.of("pinned", true, "topic", "mice"));
        jerry.next("InfoChanged");
        Talk found = jerry.fetch(talk);
        assertEquals(true, found.columns().apply("pinned"));
        assertEquals("mice", found.columns().apply("topic"));
    }

    /** Who is not in it cannot change it. */
    @Test
    void aStrangerCannotChangeIt() {
        String talk = talk();
        Client butch = third("butch");
        refused(4309, () -> butch.change(talk, Map.of("name", "mine")));
    }

    /** Muting is written down, and taken back. */
    @Test
    void aConversationIsMuted() {
        String talk = talk();
        jerry.mute(talk);
        assertEquals(List.of(jerry.id()), jerry.fetch(talk).columns().apply("mu"));
        jerry.unmute(talk);
        assertEquals(List.of(), List.copyOf((List<?>) orNone(jerry.fetch(talk).columns().apply("mu"))));
    }

    private static Object orNone(Object list) {
        return list == null ? List.of() : list;
    }

    /** What nobody has started is not there. */
    @Test
    void anUnknownConversationIsNotFound() {
        refused(9100, () -> tom.fetch("000000000000000000000000"));
        refused(4303, () -> tom.join("000000000000000000000000"));
        refused(4401, () -> tom.send("000000000000000000000000", Draft.text("x")));
    }
}
