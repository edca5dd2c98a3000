package parlance.leancloud.inside;

import cn.leancloud.im.v2.AVIMBinaryMessage;
import cn.leancloud.im.v2.AVIMConversation;
import cn.leancloud.im.v2.AVIMMessage;
import cn.leancloud.im.v2.messages.AVIMFileMessage;
import cn.leancloud.im.v2.messages.AVIMLocationMessage;
import cn.leancloud.im.v2.messages.AVIMTextMessage;
import cn.leancloud.types.AVGeoPoint;
import com.alibaba.fastjson.JSON;
import com.alibaba.fastjson.JSONObject;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import parlance.leancloud.Said;
import parlance.leancloud.Talk;

/** The SDK's messages and conversations, as tests outside can see them. */
final class Shown {
    private Shown() {}

    static Said said(AVIMMessage message) {
        if (message == null) {
            return null;
        }
        List<String> mentions = message.getMentionList();
        return new Said(
                message.getMessageId(),
                message.getConversationId(),
                message.getFrom(),
                message.getTimestamp(),
                message.getClass().getSimpleName(),
                message.getContent(),
                text(message),
                attrs(message),
                file(message),
                message instanceof AVIMBinaryMessage binary ? binary.getBytes() : null,
                message.isMentionAll(),
                mentions == null ? List.of() : List.copyOf(mentions),
                message.getUpdateAt(),
                message.getMessageStatus().name().replace("AVIMMessageStatus", ""));
    }

    static Talk talk(AVIMConversation conversation) {
        Date last = conversation.getLastMessageAt();
        return new Talk(
                conversation.getConversationId(),
                conversation.getClass().getSimpleName(),
                conversation.getName(),
                conversation.getCreator(),
                new TreeSet<>(conversation.getMembers()),
                conversation::getAttribute,
                conversation::get,
                time(conversation.getCreatedAt()),
                time(conversation.getUpdatedAt()),
                time(last),
                said(conversation.getLastMessage()),
                conversation.getTemporaryExpiredat(),
                conversation.getUnreadMessagesCount(),
                conversation.unreadMessagesMentioned());
    }

    private static long time(Date date) {
        return date == null ? 0 : date.getTime();
    }

    private static String text(AVIMMessage message) {
        if (message instanceof AVIMTextMessage text) {
            return text.getText();
        }
        if (message instanceof AVIMFileMessage file) {
            return file.getText();
        }
        if (message instanceof AVIMLocationMessage place) {
            return place.getText();
        }
        return message instanceof OrderMessage order ? order.getText() : null;
    }

    private static Map<String, Object> attrs(AVIMMessage message) {
        if (message instanceof AVIMTextMessage text) {
            return plain(text.getAttrs());
        }
        if (message instanceof AVIMFileMessage file) {
            return plain(file.getAttrs());
        }
        if (message instanceof AVIMLocationMessage place) {
            return plain(place.getAttrs());
        }
        return message instanceof OrderMessage order ? plain(order.getAttrs()) : null;
    }

    private static Map<String, Object> file(AVIMMessage message) {
        if (message instanceof AVIMFileMessage file) {
            return plain(file.getFile());
        }
        if (message instanceof AVIMLocationMessage place) {
            AVGeoPoint point = place.getLocation();
            return Map.of("latitude", point.getLatitude(), "longitude", point.getLongitude());
        }
        return null;
    }

    /** A copy whose classes everybody knows. */
    static Map<String, Object> plain(Map<String, Object> map) {
        if (map == null) {
            return null;
        }
        JSONObject copy = JSON.parseObject(JSON.toJSONString(map));
        Map<String, Object> made = new TreeMap<>();
        copy.forEach((key, value) -> made.put(key, value instanceof JSONObject inner ? plain(inner) : value));
        return made;
    }
}
