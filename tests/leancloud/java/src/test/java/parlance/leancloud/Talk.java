package parlance.leancloud;

import java.util.Set;
import java.util.function.Function;

/**
 * A conversation as the SDK shows it.
 *
 * @param kind the SDK's class for it
 * @param attributes by name, what the app has made of it
 * @param columns by name, what the app has beside them
 * @param expiresAt in seconds, when a temporary one ends
 */
public record Talk(
        String id,
        String kind,
        String name,
        String creator,
        Set<String> members,
        Function<String, Object> attributes,
        Function<String, Object> columns,
        long createdAt,
        long updatedAt,
        long lastMessageAt,
        Said lastMessage,
        long expiresAt,
        int unread,
        boolean mentioned) {}
