package parlance.leancloud.inside;

import cn.leancloud.im.v2.AVIMClient;
import cn.leancloud.im.v2.AVIMClientEventHandler;
import cn.leancloud.im.v2.AVIMConversation;
import cn.leancloud.im.v2.AVIMConversationEventHandler;
import cn.leancloud.im.v2.AVIMMessage;
import cn.leancloud.im.v2.MessageHandler;
import cn.leancloud.im.v2.conversation.AVIMConversationMemberInfo;
import com.alibaba.fastjson.JSONObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import parlance.leancloud.Event;

/** Notes, for each client of a device, all that the SDK tells of. */
final class Happenings {
    private final Map<String, Inbox> inboxes = new ConcurrentHashMap<>();

    Inbox of(String client) {
        return inboxes.computeIfAbsent(client, id -> new Inbox());
    }

    private void tell(AVIMClient client, String what, AVIMConversation where, String by, List<String> members) {
        tell(client, new Event(what, where.getConversationId(), by, List.copyOf(members), null, Map.of()));
    }

    private void tell(AVIMClient client, String what, AVIMMessage message) {
        tell(client, new Event(what, message.getConversationId(), null, List.of(), Shown.said(message), Map.of()));
    }

    private void tell(AVIMClient client, Event event) {
        of(client.getClientId()).put(event);
    }

    AVIMClientEventHandler clients() {
        return new AVIMClientEventHandler() {
            // Of what happens to the line, this version of the SDK tells only one of a device's clients.
            private void sayToAll(String what) {
                Event event = new Event(what, null, null, List.of(), null, Map.of());
                inboxes.values().forEach(inbox -> inbox.put(event));
            }

            @Override
            public void onConnectionPaused(AVIMClient client) {
                sayToAll("ConnectionPaused");
            }

            @Override
            public void onConnectionResume(AVIMClient client) {
                sayToAll("ConnectionResume");
            }

            @Override
            public void onClientOffline(AVIMClient client, int code) {
                tell(client, new Event("ClientOffline", null, null, List.of(), null, Map.of("code", code)));
            }
        };
    }

    MessageHandler<AVIMMessage> messages() {
        return new MessageHandler<>() {
            @Override
            public void onMessage(AVIMMessage message, AVIMConversation conversation, AVIMClient client) {
                of(client.getClientId()).keep(message);
                tell(client, "Message", message);
            }

            @Override
            public void onMessageReceipt(AVIMMessage message, AVIMConversation conversation, AVIMClient client) {
                tell(client, "MessageReceipt", message);
            }
        };
    }

    AVIMConversationEventHandler conversations() {
        return new AVIMConversationEventHandler() {
            @Override
            public void onMemberLeft(AVIMClient client, AVIMConversation where, List<String> members, String by) {
                tell(client, "MemberLeft", where, by, members);
            }

            @Override
            public void onMemberJoined(AVIMClient client, AVIMConversation where, List<String> members, String by) {
                tell(client, "MemberJoined", where, by, members);
            }

            @Override
            public void onKicked(AVIMClient client, AVIMConversation where, String by) {
                tell(client, "Kicked", where, by, List.of());
            }

            @Override
            public void onInvited(AVIMClient client, AVIMConversation where, String by) {
                tell(client, "Invited", where, by, List.of());
            }

            @Override
            public void onMuted(AVIMClient client, AVIMConversation where, String by) {
                tell(client, "Muted", where, by, List.of());
            }

            @Override
            public void onUnmuted(AVIMClient client, AVIMConversation where, String by) {
                tell(client, "Unmuted", where, by, List.of());
            }

            @Override
            public void onMemberMuted(AVIMClient client, AVIMConversation where, List<String> members, String by) {
                tell(client, "MemberMuted", where, by, members);
            }

            @Override
            public void onMemberUnmuted(AVIMClient client, AVIMConversation where, List<String> members, String by) {
                tell(client, "MemberUnmuted", where, by, members);
            }

            @Override
            public void onBlocked(AVIMClient client, AVIMConversation where, String by) {
                tell(client, "Blocked", where, by, List.of());
            }

            @Override
            public void onUnblocked(AVIMClient client, AVIMConversation where, String by) {
                tell(client, "Unblocked", where, by, List.of());
            }

            @Override
            public void onMemberBlocked(AVIMClient client, AVIMConversation where, List<String> members, String by) {
                tell(client, "MemberBlocked", where, by, members);
            }

            @Override
            public void onMemberUnblocked(AVIMClient client, AVIMConversation where, List<String> members, String by) {
                tell(client, "MemberUnblocked", where, by, members);
            }

            @Override
            public void onUnreadMessagesCountUpdated(AVIMClient client, AVIMConversation where) {
                Map<String, Object> more = Map.of(
                        "unread", where.getUnreadMessagesCount(), "mentioned", where.unreadMessagesMentioned());
                var said = Shown.said(where.getLastMessage());
                var event = new Event("Unread", where.getConversationId(), null, List.of(), said, more);
                tell(client, event);
            }

            @Override
            public void onLastDeliveredAtUpdated(AVIMClient client, AVIMConversation where) {
                mark(client, "LastDeliveredAt", where, where.getLastDeliveredAt());
            }

            @Override
            public void onLastReadAtUpdated(AVIMClient client, AVIMConversation where) {
                mark(client, "LastReadAt", where, where.getLastReadAt());
            }

            private void mark(AVIMClient client, String what, AVIMConversation where, long at) {
                tell(client, new Event(what, where.getConversationId(), null, List.of(), null, Map.of("at", at)));
            }

            @Override
            public void onMessageUpdated(AVIMClient client, AVIMConversation where, AVIMMessage message) {
                tell(client, "MessageUpdated", message);
            }

            @Override
            public void onMessageRecalled(AVIMClient client, AVIMConversation where, AVIMMessage message) {
                tell(client, "MessageRecalled", message);
            }

            @Override
            public void onMemberInfoUpdated(AVIMClient client, AVIMConversation where,
                    AVIMConversationMemberInfo info, List<String> properties, String by) {
                Map<String, Object> more = Map.of("role", info.getRole().getName());
                tell(client, new Event(
                        "MemberInfo", where.getConversationId(), by, List.of(info.getMemberId()), null, more));
            }

            @Override
            public void onInfoChanged(AVIMClient client, AVIMConversation where, JSONObject attr, String by) {
                tell(client, new Event(
                        "InfoChanged", where.getConversationId(), by, List.of(), null, Shown.plain(attr)));
            }
        };
    }
}
