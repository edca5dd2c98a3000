package parlance.leancloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static parlance.leancloud.Condition.with;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Conversations are looked for. */
class QueryTest extends Stage {
    private String mark;
    private String small;
    private String large;

    /** Two conversations, told from all others by a mark. */
    @BeforeEach
    void start() {
        mark = fresh("mark");
        small = tom.start(List.of(jerry.id()), "small " + mark, Map.of("mark", mark, "size", 1), false).id();
        large = tom.start(List.of(jerry.id(), "spike"), "large " + mark, Map.of("mark", mark, "size", 9), false).id();
    }

    private List<String> found(Condition... more) {
        Condition[] all = Arrays.copyOf(more, more.length + 1);
        all[more.length] = with("whereEqualTo", "attr.mark", mark);
        return tom.find(all).stream().map(Talk::id).toList();
    }

    /** Without a condition one finds one's own. */
    @Test
    void ownConversationsAreFound() {
        List<String> mine = jerry.find().stream().map(Talk::id).toList();
        assertEquals(2, mine.size());
        assertTrue(mine.containsAll(List.of(small, large)));
    }

    @Test
    void theyAreFoundByName() {
        assertEquals(List.of(small), found(with("whereEqualTo", "name", "small " + mark)));
        assertEquals(List.of(small), found(with("whereContains", "name", "mall m")));
        assertEquals(List.of(large), found(with("whereStartsWith", "name", "large")));
        assertEquals(List.of(large), found(with("whereMatches", "name", "^l.*\\d+$")));
    }

    @Test
    void theyAreFoundByAttributes() {
        assertEquals(List.of(large), found(with("whereGreaterThan", "attr.size", 5)));
        assertEquals(List.of(small), found(with("whereLessThanOrEqualsTo", "attr.size", 1)));
        assertEquals(List.of(large), found(with("whereNotEqualsTo", "attr.size", 1)));
        assertEquals(List.of(small), found(with("whereContainsIn", "attr.size", List.of(0, 1, 2))));
        assertEquals(List.of(large), found(with("whereNotContainsIn", "attr.size", List.of(0, 1, 2))));
        assertEquals(List.of(), found(with("whereExists", "attr.weight")));
        assertEquals(2, found(with("whereDoesNotExist", "attr.weight")).size());
    }

    @Test
    void theyAreFoundByMembers() {
        assertEquals(List.of(large), found(with("containsMembers", List.of(tom.id(), "spike"))));
        assertEquals(List.of(small), found(with("withMembers", List.of(tom.id(), jerry.id()))));
        assertEquals(List.of(large), found(with("whereSizeEqual", "m", 3)));
    }

    @Test
    void theyComeInOrderAndInPages() {
        assertEquals(List.of(small, large), found(with("orderByAscending", "createdAt")));
        assertEquals(List.of(large, small), found(with("orderByDescending", "createdAt")));
        assertEquals(List.of(large), found(with("orderByDescending", "createdAt"), with("limit", 1)));
        assertEquals(List.of(small), found(with("orderByDescending", "createdAt"), with("skip", 1)));
    }

    /** The last message comes along if that is wished for. */
    @Test
    void theLastMessageComesAlong() {
        Said said = jerry.send(small, Draft.text("last"));
        Talk talk = tom.find(with("whereEqualTo", "objectId", small), with("setWithLastMessagesRefreshed", true)).get(0);
        assertEquals(said.id(), talk.lastMessage().id());
        assertEquals("last", talk.lastMessage().text());
        assertEquals(jerry.id(), talk.lastMessage().from());
    }
}
