package parlance.leancloud;

import java.util.List;
import java.util.Map;

/**
 * A message as the SDK shows it.
 *
 * @param kind the SDK's class for it
 * @param content the JSON, or what there was instead
 * @param text what a typed message says, or null
 * @param attrs what else a typed message says, or null
 * @param file address, name and the like of its file, or null
 * @param bytes what a binary message carries, or null
 * @param edited when it was last changed, or 0
 */
public record Said(
        String id,
        String conversation,
        String from,
        long at,
        String kind,
        String content,
        String text,
        Map<String, Object> attrs,
        Map<String, Object> file,
        byte[] bytes,
        boolean mentionsAll,
        List<String> mentions,
        long edited,
        String status) {}
