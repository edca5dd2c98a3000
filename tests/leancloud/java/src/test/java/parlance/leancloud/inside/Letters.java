package parlance.leancloud.inside;

import cn.leancloud.AVFile;
import cn.leancloud.im.v2.AVIMBinaryMessage;
import cn.leancloud.im.v2.AVIMMessage;
import cn.leancloud.im.v2.AVIMMessageOption;
import cn.leancloud.im.v2.messages.AVIMAudioMessage;
import cn.leancloud.im.v2.messages.AVIMFileMessage;
import cn.leancloud.im.v2.messages.AVIMImageMessage;
import cn.leancloud.im.v2.messages.AVIMLocationMessage;
import cn.leancloud.im.v2.messages.AVIMTextMessage;
import cn.leancloud.im.v2.messages.AVIMVideoMessage;
import cn.leancloud.types.AVGeoPoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import parlance.leancloud.Draft;

/** Makes the SDK's messages of drafts. */
final class Letters {
    private Letters() {}

    static AVIMMessage of(Draft draft) {
        AVIMMessage message = switch (draft.kind()) {
            case TEXT -> text(draft);
            case CUSTOM -> custom(draft);
            case LOCATION -> place(draft);
            case BINARY -> binary(draft);
            case PLAIN -> plain(draft);
            case IMAGE, AUDIO, VIDEO, FILE -> file(draft);
        };
        if (!draft.mentions().isEmpty()) {
            message.setMentionList(new ArrayList<>(draft.mentions()));
        }
        message.setMentionAll(draft.mentionAll());
        return message;
    }

    static AVIMMessageOption options(Draft draft) {
        AVIMMessageOption option = new AVIMMessageOption();
        option.setReceipt(draft.how().receipt());
        option.setTransient(draft.how().fleeting());
        option.setWill(draft.how().will());
        option.setPushData(draft.how().push());
        return option;
    }

    private static AVIMMessage text(Draft draft) {
        AVIMTextMessage message = new AVIMTextMessage();
        message.setText(draft.text());
        message.setAttrs(draft.attrs());
        return message;
    }

    private static AVIMMessage custom(Draft draft) {
        OrderMessage message = new OrderMessage();
        message.setText(draft.text());
        message.setAttrs(draft.attrs());
        return message;
    }

    private static AVIMMessage place(Draft draft) {
        AVIMLocationMessage message = new AVIMLocationMessage();
        message.setLocation(new AVGeoPoint(draft.latitude(), draft.longitude()));
        message.setText(draft.text());
        message.setAttrs(draft.attrs());
        return message;
    }

    private static AVIMMessage binary(Draft draft) {
        AVIMBinaryMessage message = new AVIMBinaryMessage();
        message.setBytes(draft.bytes());
        return message;
    }

    private static AVIMMessage plain(Draft draft) {
        AVIMMessage message = new AVIMMessage();
        message.setContent(draft.text());
        return message;
    }

    private static AVIMMessage file(Draft draft) {
        AVIMFileMessage message = draft.file() != null ? uploaded(draft) : linked(draft);
        message.setText(draft.text());
        message.setAttrs(draft.attrs());
        return message;
    }

    private static AVIMFileMessage uploaded(Draft draft) {
        try {
            return switch (draft.kind()) {
                case IMAGE -> new AVIMImageMessage(draft.file().toFile());
                case AUDIO -> new AVIMAudioMessage(draft.file().toFile());
                case VIDEO -> new AVIMVideoMessage(draft.file().toFile());
                default -> new AVIMFileMessage(draft.file().toFile());
            };
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static AVIMFileMessage linked(Draft draft) {
        AVFile file = new AVFile("linked", draft.url());
        return switch (draft.kind()) {
            case IMAGE -> new AVIMImageMessage(file);
            case AUDIO -> new AVIMAudioMessage(file);
            case VIDEO -> new AVIMVideoMessage(file);
            default -> new AVIMFileMessage(file);
        };
    }
}
