package parlance.leancloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.function.Executable;

/** Tom and Jerry, each on a phone of his own, whom no test has seen before. */
abstract class Stage {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Sdk TOMS = connected(Options.of(App.OPEN).counting());
    private static final Sdk JERRYS = connected(Options.of(App.OPEN).counting());

    private final List<Runnable> afterwards = new ArrayList<>();
    protected Client tom;
    protected Client jerry;

    @BeforeEach
    void enter() {
        tom = opened(TOMS, fresh("tom"));
        jerry = opened(JERRYS, fresh("jerry"));
    }

    @AfterEach
    void leave() {
        Collections.reverse(afterwards);
        afterwards.forEach(Runnable::run);
    }

    /** A name that nobody has had. */
    static String fresh(String name) {
        return name + "-" + NUMBER.incrementAndGet();
    }

    static Sdk connected(Options options) {
        Sdk device = Device.with(options);
        device.connect();
        return device;
    }

    /** A device for this test alone. */
    Sdk device(Options options) {
        Sdk device = connected(options);
        afterwards.add(device::drop);
        return device;
    }

    /** A client who leaves when the test ends. */
    Client opened(Sdk device, String id) {
        Client client = device.client(id);
        client.open();
        afterwards.add(client::close);
        return client;
    }

    /** Somebody else, on Jerry's phone: two clients share its socket then. */
    Client third(String name) {
        return opened(JERRYS, fresh(name));
    }

    /** The same as Jerry later: the SDK has forgotten what it knew. */
    Client jerryAgain() {
        return JERRYS.client(jerry.id());
    }

    /** A conversation of Tom's with Jerry, of which both have heard. */
    String talk() {
        return talk(jerry);
    }

    String talk(Client... others) {
        List<String> ids = new ArrayList<>();
        for (Client each : others) {
            ids.add(each.id());
        }
        String id = tom.start(ids, "talk", Map.of(), false).id();
        tom.next("MemberJoined");
        for (Client each : others) {
            assertEquals(id, each.next("Invited").conversation());
            each.next("MemberJoined");
        }
        return id;
    }

    static void refused(int code, Executable what) {
        assertEquals(code, assertThrows(Refused.class, what).code());
    }
}
