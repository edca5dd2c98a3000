package parlance.leancloud;

import java.util.List;
import java.util.Map;

/** One client of the SDK. Everything waits for the SDK's answer; a refusal is thrown. */
public interface Client {
    String id();

    void open();

    /** Come as a user of the app: the server itself signs the login for whoever shows the user's token. */
    void openAs(String token);

    /** Begin to come back, for which nobody else is to be thrown out. Does not wait: not every outcome is called back. */
    void reopen();

    void close();

    /** Get another token for the session. */
    void refresh();

    List<String> online(String... ids);

    // Conversations.

    Talk start(List<String> members, String name, Map<String, Object> attributes, boolean unique);

    Talk startTemporary(List<String> members, int seconds);

    Talk startRoom(String name);

    /** The conversation as the SDK has it, without asking anybody. */
    Talk known(String conversation);

    /** The conversation as the server has it. */
    Talk fetch(String conversation);

    List<Talk> find(Condition... conditions);

    /** Change attributes; {@code name} is the conversation's name. */
    void change(String conversation, Map<String, Object> attributes);

    /** Set columns of the app's own. */
    void set(String conversation, Map<String, Object> columns);

    void mute(String conversation);

    void unmute(String conversation);

    // Members.

    void add(String conversation, String... members);

    void kick(String conversation, String... members);

    void join(String conversation);

    void quit(String conversation);

    int count(String conversation);

    void role(String conversation, String member, String role);

    /** The roles that the server has written down. */
    List<String> roles(String conversation);

    Outcome silence(String conversation, String... members);

    Outcome unsilence(String conversation, String... members);

    List<String> silenced(String conversation, int offset, int limit);

    Outcome block(String conversation, String... members);

    Outcome unblock(String conversation, String... members);

    List<String> blocked(String conversation, int offset, int limit);

    // Messages.

    Said send(String conversation, Draft draft);

    Said edit(Said said, Draft draft);

    Said recall(Said said);

    /** The newest, oldest first. */
    List<Said> history(String conversation, int limit);

    List<Said> before(Said said, int limit);

    List<Said> after(Said said, int limit);

    /** From one to the other, both of them included. */
    List<Said> between(Said first, Said last, int limit);

    List<Said> ofType(String conversation, int type, int limit);

    void read(String conversation);

    /** When the others last had, and read, something. */
    void fetchReceipts(String conversation);

    long lastReadAt(String conversation);

    long lastDeliveredAt(String conversation);

    // What the SDK tells of.

    /** The next of that name that nobody has asked for yet; waits for it. */
    Event next(String what);

    /** Whether none of that name comes until the server has answered a question. */
    boolean nothing(String what);
}
