package parlance.leancloud;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What was said before. */
class HistoryTest extends Stage {
    private String talk;
    private final List<Said> said = new ArrayList<>();

    /** Five messages, the third of them a place. */
    @BeforeEach
    void start() {
        talk = talk();
        said.add(tom.send(talk, Draft.text("0").with(Map.of("n", 0))));
        said.add(jerry.send(talk, Draft.text("1")));
        said.add(tom.send(talk, Draft.place(1, 2, "2")));
        said.add(jerry.send(talk, Draft.text("3").mentioning(tom.id())));
        said.add(tom.send(talk, Draft.text("4")));
    }

    private List<String> ids(int from, int to) {
        return ids(said.subList(from, to));
    }

    private static List<String> ids(List<Said> messages) {
        return messages.stream().map(Said::id).toList();
    }

    @Test
    void theNewestComeFirst() {
        assertEquals(ids(0, 5), ids(jerry.history(talk, 10)));
        assertEquals(ids(3, 5), ids(jerry.history(talk, 2)));
    }

    @Test
    void theyAreWhatTheyWere() {
        List<Said> found = jerry.history(talk, 5);
        assertEquals("0", found.get(0).text());
        assertEquals(Map.of("n", 0), found.get(0).attrs());
        assertEquals(tom.id(), found.get(0).from());
        assertEquals(said.get(0).at(), found.get(0).at());
        assertEquals("AVIMLocationMessage", found.get(2).kind());
        assertEquals(List.of(tom.id()), found.get(3).mentions());
    }

    @Test
    void oneGoesBackwards() {
        assertEquals(ids(1, 3), ids(jerry.before(said.get(3), 2)));
        assertEquals(ids(0, 1), ids(jerry.before(said.get(1), 10)));
        assertEquals(List.of(), jerry.before(said.get(0), 10));
    }

    @Test
    void oneGoesForwards() {
        assertEquals(ids(2, 4), ids(jerry.after(said.get(1), 2)));
        assertEquals(ids(4, 5), ids(jerry.after(said.get(3), 10)));
    }

    @Test
    void bothEndsMayBeIncluded() {
        assertEquals(ids(1, 4), ids(jerry.between(said.get(1), said.get(3), 10)));
    }

    @Test
    void oneLooksForAType() {
        assertEquals(ids(2, 3), ids(jerry.ofType(talk, -5, 10)));
        assertEquals(4, jerry.ofType(talk, -1, 10).size());
    }

    @Test
    void bytesAreKept() {
        byte[] bytes = {9, 0, -9};
        tom.send(talk, Draft.binary(bytes));
        Said found = jerry.history(talk, 1).get(0);
        assertEquals("AVIMBinaryMessage", found.kind());
        assertArrayEquals(bytes, found.bytes());
    }

    @Test
    void aStrangerSeesNothing() {
        Client butch = third("butch");
        refused(4312, () -> butch.history(talk, 10));
    }
}
