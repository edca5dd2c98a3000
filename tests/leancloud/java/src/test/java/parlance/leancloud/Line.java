package parlance.leancloud;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A line to the server that can be cut. */
final class Line implements AutoCloseable {
    private static final int HEADERS = 8192;
    private static final String NEWER = "lc.protobuf2.3";
    private static final String OLDER = "lc.protobuf2.1";

    private final ServerSocket door;
    private final URI server;
    private final boolean older;
    private final List<Socket> ends = new CopyOnWriteArrayList<>();

    Line(String base) {
        this(base, false);
    }

    /**
     * A line to a server for which the SDK is an older one. Whatever its options, this version of the SDK asks for
     * {@code lc.protobuf2.3}; older ones, and those who want no counters, for {@code lc.protobuf2.1}.
     */
    static Line older(String base) {
        return new Line(base, true);
    }

    private Line(String base, boolean older) {
        this.older = older;
        try {
            server = URI.create(base);
            door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        started(this::answer);
    }

    /** Where a socket is dialled to go over this line. */
    String address() {
        return "ws://127.0.0.1:" + door.getLocalPort() + "/";
    }

    /** Everything that is open ends at once, in the middle of whatever it was. */
    void cut() {
        ends.forEach(Line::closed);
        ends.clear();
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        cut();
    }

    private void answer() {
        try {
            for (;;) {
                Socket here = door.accept();
                Socket there = new Socket(server.getHost(), server.getPort());
                ends.addAll(List.of(here, there));
                started(() -> carry(here, there, NEWER, OLDER));
                started(() -> carry(there, here, OLDER, NEWER));
            }
        } catch (IOException end) {
            cut();
        }
    }

    private void carry(Socket from, Socket to, String word, String instead) {
        try (InputStream in = from.getInputStream(); OutputStream out = to.getOutputStream()) {
            if (older) {
                byte[] start = new byte[HEADERS];
                int read = in.read(start);
                String headers = new String(start, 0, Math.max(read, 0), ISO_8859_1);
                out.write(headers.replace(word, instead).getBytes(ISO_8859_1));
            }
            in.transferTo(out);
        } catch (IOException end) {
            closed(from);
            closed(to);
        }
    }

    private static void closed(Socket end) {
        try {
            end.close();
        } catch (IOException already) {
            // It is closed, which is what was wanted.
        }
    }

    private static void started(Runnable what) {
        Thread thread = new Thread(what, "line");
        thread.setDaemon(true);
        thread.start();
    }
}
