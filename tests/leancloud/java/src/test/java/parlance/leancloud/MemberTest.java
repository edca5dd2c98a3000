package parlance.leancloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** People come and go. */
class MemberTest extends Stage {
    @Test
    void aMemberIsAdded() {
        String talk = talk();
        Client butch = third("butch");
        tom.add(talk, butch.id());
        Event invited = butch.next("Invited");
        assertEquals(talk, invited.conversation());
        assertEquals(tom.id(), invited.by());
        Event heard = jerry.next("MemberJoined");
        assertEquals(List.of(butch.id()), heard.members());
        assertEquals(tom.id(), heard.by());
        assertEquals(List.of(butch.id()), tom.next("MemberJoined").members());
        assertEquals(Set.of(tom.id(), jerry.id(), butch.id()), butch.fetch(talk).members());
        assertEquals(3, tom.count(talk));
    }

    @Test
    void aMemberIsTakenOut() {
        Client butch = third("butch");
        String talk = talk(jerry, butch);
        tom.kick(talk, butch.id());
        assertEquals(tom.id(), butch.next("Kicked").by());
        Event heard = jerry.next("MemberLeft");
        assertEquals(List.of(butch.id()), heard.members());
        assertEquals(tom.id(), heard.by());
        assertTrue(butch.nothing("MemberLeft"));
        assertEquals(Set.of(tom.id(), jerry.id()), jerry.fetch(talk).members());
        refused(4401, () -> butch.send(talk, Draft.text("let me in")));
    }

    /** Anybody may join who knows the conversation, and go again. */
    @Test
    void aStrangerJoinsAndQuits() {
        String talk = talk();
        Client butch = third("butch");
        butch.join(talk);
        Event joined = jerry.next("MemberJoined");
        assertEquals(List.of(butch.id()), joined.members());
        assertEquals(butch.id(), joined.by());
        butch.send(talk, Draft.text("hello"));
        assertEquals("hello", tom.next("Message").said().text());
        butch.quit(talk);
        Event left = jerry.next("MemberLeft");
        assertEquals(List.of(butch.id()), left.members());
        assertEquals(butch.id(), left.by());
        assertEquals(2, tom.count(talk));
    }

    /** Adding others takes being in it. */
    @Test
    void aStrangerCannotAddOthers() {
        String talk = talk();
        Client butch = third("butch");
        refused(4317, () -> butch.add(talk, "spike"));
    }

    /** Being there already is no reason to complain. */
    @Test
    void whoIsThereAlreadyMayBeAddedAgain() {
        String talk = talk();
        tom.add(talk, jerry.id());
        assertEquals(2, tom.count(talk));
    }

    /** A third makes a group of a conversation of two. */
    @Test
    void aUniqueConversationOfTwoTakesAThird() {
        String talk = tom.start(List.of(jerry.id()), "us", java.util.Map.of(), true).id();
        Client butch = third("butch");
        tom.add(talk, butch.id());
        assertEquals(talk, butch.next("Invited").conversation());
        butch.send(talk, Draft.text("three now"));
        assertEquals("three now", jerry.next("Message").said().text());
    }
}
