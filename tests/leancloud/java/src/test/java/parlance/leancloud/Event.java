package parlance.leancloud;

import java.util.List;
import java.util.Map;

/**
 * Something of which the SDK told its app.
 *
 * @param what the handler's method, without its {@code on}
 * @param conversation where, or null
 * @param by who did it, or null
 * @param members whom it concerns
 * @param said the message it is about, or null
 * @param more what else there is to say
 */
public record Event(
        String what, String conversation, String by, List<String> members, Said said, Map<String, Object> more) {}
