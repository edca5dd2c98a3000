package parlance.leancloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Managers, and what they may do to others. */
class RoleTest extends Stage {
    private Client butch;
    private String talk;

    @BeforeEach
    void start() {
        butch = third("butch");
        talk = talk(jerry, butch);
    }

    @Test
    void aMemberBecomesManager() {
        tom.role(talk, jerry.id(), "Manager");
        for (Client each : List.of(tom, jerry, butch)) {
            Event heard = each.next("MemberInfo");
            assertEquals(List.of(jerry.id()), heard.members());
            assertEquals(Map.of("role", "Manager"), heard.more());
            assertEquals(tom.id(), heard.by());
        }
        assertEquals(List.of("Manager"), butch.roles(talk));
    }

    @Test
    void aPlainMemberMakesNobodyManager() {
        refused(4320, () -> jerry.role(talk, jerry.id(), "Manager"));
    }

    @Test
    void aMemberIsSilenced() {
        Outcome outcome = tom.silence(talk, jerry.id());
        assertEquals(new Outcome(List.of(jerry.id()), Map.of()), outcome);
        assertEquals(tom.id(), jerry.next("Muted").by());
        assertEquals(List.of(jerry.id()), butch.next("MemberMuted").members());
        assertEquals(List.of(jerry.id()), tom.silenced(talk, 0, 10));
        refused(4563, () -> jerry.send(talk, Draft.text("hm")));
        tom.unsilence(talk, jerry.id());
        assertEquals(tom.id(), jerry.next("Unmuted").by());
        assertEquals(List.of(jerry.id()), butch.next("MemberUnmuted").members());
        assertEquals(List.of(), tom.silenced(talk, 0, 10));
        jerry.send(talk, Draft.text("at last"));
        assertEquals("at last", tom.next("Message").said().text());
    }

    @Test
    void aMemberIsBlocked() {
        Outcome outcome = tom.block(talk, jerry.id());
        assertEquals(new Outcome(List.of(jerry.id()), Map.of()), outcome);
        assertEquals(tom.id(), jerry.next("Blocked").by());
        assertEquals(tom.id(), jerry.next("Kicked").by());
        assertEquals(List.of(jerry.id()), butch.next("MemberBlocked").members());
        assertEquals(List.of(jerry.id()), butch.next("MemberLeft").members());
        assertEquals(List.of(jerry.id()), tom.blocked(talk, 0, 10));
        // This version of the SDK does not look at what was refused, so the join only seems to have worked.
        jerry.join(talk);
        assertEquals(2, tom.count(talk));
        tom.unblock(talk, jerry.id());
        assertEquals(tom.id(), jerry.next("Unblocked").by());
        assertEquals(List.of(jerry.id()), butch.next("MemberUnblocked").members());
        assertEquals(List.of(), tom.blocked(talk, 0, 10));
        jerry.join(talk);
        assertEquals(3, tom.count(talk));
    }

    /** Page by page, by how many were there before. */
    @Test
    void thoseKeptFromItAreListed() {
        String[] five = {"a", "b", "c", "d", "e"};
        tom.add(talk, five);
        tom.silence(talk, five);
        assertEquals(List.of("a", "b"), tom.silenced(talk, 0, 2));
        assertEquals(List.of("c", "d"), tom.silenced(talk, 2, 2));
        assertEquals(List.of("e"), tom.silenced(talk, 4, 2));
        assertEquals(List.of(), tom.silenced(talk, 6, 2));
        tom.block(talk, "b", "d");
        assertEquals(List.of("d"), tom.blocked(talk, 1, 2));
    }

    @Test
    void aPlainMemberSilencesAndBlocksNobody() {
        refused(4320, () -> jerry.silence(talk, butch.id()));
        refused(4320, () -> jerry.block(talk, butch.id()));
        assertTrue(butch.nothing("Muted"));
    }
}
