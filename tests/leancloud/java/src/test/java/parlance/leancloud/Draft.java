package parlance.leancloud;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A message to be sent, and how. */
public record Draft(
        Kind kind,
        String text,
        Map<String, Object> attrs,
        Path file,
        String url,
        byte[] bytes,
        double latitude,
        double longitude,
        List<String> mentions,
        boolean mentionAll,
        Set how) {
    /** The SDK's classes of messages. */
    public enum Kind { TEXT, IMAGE, AUDIO, VIDEO, FILE, LOCATION, CUSTOM, BINARY, PLAIN }

    /** The SDK's options for a message. */
    public record Set(boolean receipt, boolean fleeting, boolean will, String push) {}

    private static final Set USUAL = new Set(false, false, false, null);

    private static Draft of(Kind kind, String text, Path file, String url, byte[] bytes) {
        return new Draft(kind, text, null, file, url, bytes, 0, 0, List.of(), false, USUAL);
    }

    public static Draft text(String text) {
        return of(Kind.TEXT, text, null, null, null);
    }

    /** The app's own kind of message, with two fields of its own. */
    public static Draft custom(String text) {
        return of(Kind.CUSTOM, text, null, null, null);
    }

    /** A message of no type: any text. */
    public static Draft plain(String text) {
        return of(Kind.PLAIN, text, null, null, null);
    }

    public static Draft binary(byte[] bytes) {
        return of(Kind.BINARY, null, null, null, bytes);
    }

    public static Draft upload(Kind kind, Path file, String text) {
        return of(kind, text, file, null, null);
    }

    public static Draft linked(Kind kind, String url, String text) {
        return of(kind, text, null, url, null);
    }

    public static Draft place(double latitude, double longitude, String text) {
        return new Draft(Kind.LOCATION, text, null, null, null, null, latitude, longitude, List.of(), false, USUAL);
    }

    public Draft with(Map<String, Object> more) {
        return new Draft(kind, text, more, file, url, bytes, latitude, longitude, mentions, mentionAll, how);
    }

    public Draft mentioning(String... ids) {
        return new Draft(kind, text, attrs, file, url, bytes, latitude, longitude, List.of(ids), mentionAll, how);
    }

    public Draft mentioningAll() {
        return new Draft(kind, text, attrs, file, url, bytes, latitude, longitude, mentions, true, how);
    }

    /** Its sender wants to know when it has arrived and been read. */
    public Draft asking() {
        return how(new Set(true, how.fleeting, how.will, how.push));
    }

    /** For those who are there only. */
    public Draft fleeting() {
        return how(new Set(how.receipt, true, how.will, how.push));
    }

    /** To be sent when its sender is lost. */
    public Draft will() {
        return how(new Set(how.receipt, how.fleeting, true, how.push));
    }

    /** With what is pushed to those who are not there. */
    public Draft pushing(String json) {
        return how(new Set(how.receipt, how.fleeting, how.will, json));
    }

    private Draft how(Set other) {
        return new Draft(kind, text, attrs, file, url, bytes, latitude, longitude, mentions, mentionAll, other);
    }
}
