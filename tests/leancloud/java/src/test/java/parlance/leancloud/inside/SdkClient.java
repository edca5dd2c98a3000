package parlance.leancloud.inside;

import cn.leancloud.im.InternalConfiguration;
import cn.leancloud.im.v2.AVIMClient;
import cn.leancloud.im.v2.AVIMClientOpenOption;
import cn.leancloud.im.v2.AVIMConversation;
import cn.leancloud.im.v2.AVIMConversationsQuery;
import cn.leancloud.im.v2.AVIMMessage;
import cn.leancloud.im.v2.AVIMMessageInterval;
import cn.leancloud.im.v2.AVIMMessageInterval.AVIMMessageIntervalBound;
import cn.leancloud.im.v2.AVIMMessageQueryDirection;
import cn.leancloud.im.v2.conversation.AVIMConversationMemberInfo;
import cn.leancloud.im.v2.conversation.ConversationMemberRole;
import cn.leancloud.im.v2.messages.AVIMRecalledMessage;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import parlance.leancloud.Client;
import parlance.leancloud.Condition;
import parlance.leancloud.Draft;
import parlance.leancloud.Event;
import parlance.leancloud.Outcome;
import parlance.leancloud.Said;
import parlance.leancloud.Talk;

/** Calls the SDK and waits for its callbacks. */
final class SdkClient implements Client {
    private static final int MOST = 50;
    private final AVIMClient client;
    private final Inbox inbox;

    SdkClient(AVIMClient client, Happenings happenings) {
        this.client = client;
        this.inbox = happenings.of(client.getClientId());
    }

    private static <T> T asked(Consumer<Answer<T>> question) {
        Answer<T> answer = new Answer<>();
        question.accept(answer);
        return answer.await();
    }

    private AVIMConversation at(String conversation) {
        return client.getConversation(conversation);
    }

    // The client.

    @Override
    public String id() {
        return client.getClientId();
    }

    @Override
    public void open() {
        asked((Answer<AVIMClient> answer) -> client.open(Answers.client(answer)));
    }

    @Override
    public void openAs(String token) {
        asked((Answer<AVIMClient> answer) -> InternalConfiguration.getOperationTube()
                .openClient(id(), null, token, false, Answers.client(answer)));
    }

    @Override
    public void reopen() {
        AVIMClientOpenOption option = new AVIMClientOpenOption();
        option.setReconnect(true);
        client.open(option, Answers.client(new Answer<>()));
    }

    @Override
    public void close() {
        asked((Answer<AVIMClient> answer) -> client.close(Answers.client(answer)));
    }

    @Override
    public void refresh() {
        asked((Answer<AVIMClient> answer) ->
                InternalConfiguration.getOperationTube().renewSessionToken(id(), Answers.client(answer)));
    }

    @Override
    public List<String> online(String... ids) {
        return asked(answer -> client.getOnlineClients(List.of(ids), Answers.online(answer)));
    }

    // Conversations.

    private static Talk started(Consumer<Answer<AVIMConversation>> question) {
        return Shown.talk(asked(question));
    }

    @Override
    public Talk start(List<String> members, String name, Map<String, Object> attributes, boolean unique) {
        return started(answer -> client.createConversation(
                members, name, attributes, false, unique, Answers.created(answer)));
    }

    @Override
    public Talk startTemporary(List<String> members, int seconds) {
        return started(answer -> client.createTemporaryConversation(members, seconds, Answers.created(answer)));
    }

    @Override
    public Talk startRoom(String name) {
        return started(answer -> client.createChatRoom(name, null, Answers.created(answer)));
    }

    @Override
    public Talk known(String conversation) {
        return Shown.talk(at(conversation));
    }

    @Override
    public Talk fetch(String conversation) {
        asked((Answer<Void> answer) -> at(conversation).fetchInfoInBackground(Answers.nothing(answer)));
        return known(conversation);
    }

    @Override
    public List<Talk> find(Condition... conditions) {
        AVIMConversationsQuery query = client.getConversationsQuery();
        for (Condition condition : conditions) {
            add(query, condition);
        }
        List<AVIMConversation> found = asked(answer -> query.findInBackground(Answers.found(answer)));
        return found.stream().map(Shown::talk).toList();
    }

    private static void add(AVIMConversationsQuery query, Condition condition) {
        Method method = Stream.of(AVIMConversationsQuery.class.getMethods())
                .filter(each -> each.getName().equals(condition.method()))
                .filter(each -> each.getParameterCount() == condition.arguments().length)
                .findFirst()
                .orElseThrow();
        try {
            method.invoke(query, condition.arguments());
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalArgumentException(condition.method(), impossible);
        }
    }

    @Override
    public void change(String conversation, Map<String, Object> attributes) {
        attributes.forEach(at(conversation)::setAttribute);
        asked((Answer<Void> answer) -> at(conversation).updateInfoInBackground(Answers.nothing(answer)));
    }

    @Override
    public void set(String conversation, Map<String, Object> columns) {
        columns.forEach(at(conversation)::set);
        asked((Answer<Void> answer) -> at(conversation).updateInfoInBackground(Answers.nothing(answer)));
    }

    @Override
    public void mute(String conversation) {
        asked((Answer<Void> answer) -> at(conversation).mute(Answers.nothing(answer)));
    }

    @Override
    public void unmute(String conversation) {
        asked((Answer<Void> answer) -> at(conversation).unmute(Answers.nothing(answer)));
    }

    // Members.

    @Override
    public void add(String conversation, String... members) {
        asked((Answer<Void> answer) -> at(conversation).addMembers(List.of(members), Answers.nothing(answer)));
    }

    @Override
    public void kick(String conversation, String... members) {
        asked((Answer<Void> answer) -> at(conversation).kickMembers(List.of(members), Answers.nothing(answer)));
    }

    @Override
    public void join(String conversation) {
        asked((Answer<Void> answer) -> at(conversation).join(Answers.nothing(answer)));
    }

    @Override
    public void quit(String conversation) {
        asked((Answer<Void> answer) -> at(conversation).quit(Answers.nothing(answer)));
    }

    @Override
    public int count(String conversation) {
        return asked(answer -> at(conversation).getMemberCount(Answers.count(answer)));
    }

    @Override
    public void role(String conversation, String member, String role) {
        ConversationMemberRole wanted = ConversationMemberRole.fromString(role);
        asked((Answer<Void> answer) -> at(conversation).updateMemberRole(member, wanted, Answers.nothing(answer)));
    }

    @Override
    public List<String> roles(String conversation) {
        List<AVIMConversationMemberInfo> found =
                asked(answer -> at(conversation).getAllMemberInfo(0, MOST, Answers.roles(answer)));
        return found.stream().map(each -> each.getRole().getName()).toList();
    }

    @Override
    public Outcome silence(String conversation, String... members) {
        return asked(answer -> at(conversation).muteMembers(List.of(members), Answers.outcome(answer)));
    }

    @Override
    public Outcome unsilence(String conversation, String... members) {
        return asked(answer -> at(conversation).unmuteMembers(List.of(members), Answers.outcome(answer)));
    }

    @Override
    public List<String> silenced(String conversation, int offset, int limit) {
        return asked(answer -> at(conversation).queryMutedMembers(offset, limit, Answers.members(answer)));
    }

    @Override
    public Outcome block(String conversation, String... members) {
        return asked(answer -> at(conversation).blockMembers(List.of(members), Answers.outcome(answer)));
    }

    @Override
    public Outcome unblock(String conversation, String... members) {
        return asked(answer -> at(conversation).unblockMembers(List.of(members), Answers.outcome(answer)));
    }

    @Override
    public List<String> blocked(String conversation, int offset, int limit) {
        return asked(answer -> at(conversation).queryBlockedMembers(offset, limit, Answers.members(answer)));
    }

    // Messages.

    @Override
    public Said send(String conversation, Draft draft) {
        AVIMMessage message = Letters.of(draft);
        asked((Answer<Void> answer) ->
                at(conversation).sendMessage(message, Letters.options(draft), Answers.nothing(answer)));
        inbox.keep(message);
        return Shown.said(message);
    }

    @Override
    public Said edit(Said said, Draft draft) {
        AVIMMessage old = inbox.kept(said.id());
        return Shown.said(asked((Answer<AVIMMessage> answer) ->
                at(said.conversation()).updateMessage(old, Letters.of(draft), Answers.edited(answer))));
    }

    @Override
    public Said recall(Said said) {
        AVIMMessage old = inbox.kept(said.id());
        return Shown.said(asked((Answer<AVIMRecalledMessage> answer) ->
                at(said.conversation()).recallMessage(old, Answers.recalled(answer))));
    }

    private List<Said> listed(Consumer<Answer<List<AVIMMessage>>> question) {
        List<AVIMMessage> found = asked(question);
        found.forEach(inbox::keep);
        return found.stream().map(Shown::said).toList();
    }

    @Override
    public List<Said> history(String conversation, int limit) {
        return listed(answer -> at(conversation).queryMessages(limit, Answers.messages(answer)));
    }

    @Override
    public List<Said> before(Said said, int limit) {
        return listed(answer -> at(said.conversation())
                .queryMessages(said.id(), said.at(), limit, Answers.messages(answer)));
    }

    @Override
    public List<Said> after(Said said, int limit) {
        AVIMMessageInterval interval = new AVIMMessageInterval(bound(said, false), null);
        return listed(answer -> at(said.conversation()).queryMessages(
                interval, AVIMMessageQueryDirection.AVIMMessageQueryDirectionFromOldToNew, limit,
                Answers.messages(answer)));
    }

    @Override
    public List<Said> between(Said first, Said last, int limit) {
        AVIMMessageInterval interval = new AVIMMessageInterval(bound(first, true), bound(last, true));
        return listed(answer -> at(first.conversation()).queryMessages(
                interval, AVIMMessageQueryDirection.AVIMMessageQueryDirectionFromOldToNew, limit,
                Answers.messages(answer)));
    }

    private static AVIMMessageIntervalBound bound(Said said, boolean closed) {
        return AVIMMessageInterval.createBound(said.id(), said.at(), closed);
    }

    @Override
    public List<Said> ofType(String conversation, int type, int limit) {
        return listed(answer -> at(conversation).queryMessagesByType(type, limit, Answers.messages(answer)));
    }

    @Override
    public void read(String conversation) {
        at(conversation).read();
    }

    @Override
    public void fetchReceipts(String conversation) {
        asked((Answer<Void> answer) -> at(conversation).fetchReceiptTimestamps(Answers.nothing(answer)));
    }

    @Override
    public long lastReadAt(String conversation) {
        return at(conversation).getLastReadAt();
    }

    @Override
    public long lastDeliveredAt(String conversation) {
        return at(conversation).getLastDeliveredAt();
    }

    // What the SDK tells of.

    @Override
    public Event next(String what) {
        return inbox.next(what);
    }

    @Override
    public boolean nothing(String what) {
        // What was pushed before the server took this question up has arrived before its answer.
        online(id());
        return inbox.taken(what) == null;
    }
}
