package parlance.leancloud.inside;

import cn.leancloud.im.v2.AVIMMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import parlance.leancloud.Event;

/** What one client was told, until somebody asks for it. */
final class Inbox {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);
    private final List<Event> events = new ArrayList<>();
    private final Map<String, AVIMMessage> messages = new HashMap<>();

    synchronized void put(Event event) {
        events.add(event);
        notifyAll();
    }

    /** Remember a message as the SDK knows it: it wants it back for an edit. */
    synchronized void keep(AVIMMessage message) {
        messages.put(message.getMessageId(), message);
    }

    synchronized AVIMMessage kept(String id) {
        return messages.get(id);
    }

    synchronized Event next(String what) {
        long end = System.nanoTime() + PATIENCE;
        for (;;) {
            Event found = taken(what);
            if (found != null) {
                return found;
            }
            long left = end - System.nanoTime();
            if (left <= 0) {
                throw new AssertionError("there was no " + what + ", only " + events);
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(stopped);
            }
        }
    }

    synchronized Event taken(String what) {
        for (Iterator<Event> each = events.iterator(); each.hasNext();) {
            Event event = each.next();
            if (event.what().equals(what)) {
                each.remove();
                return event;
            }
        }
        return null;
    }
}
