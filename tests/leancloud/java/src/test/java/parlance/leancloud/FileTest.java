package parlance.leancloud;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files: uploaded by the SDK before the message is sent, or lying elsewhere. */
class FileTest extends Stage {
    /** The smallest picture, and the beginnings of a sound and a film: the server looks at what is in a file. */
    private static final byte[] PNG = bytes("89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de000000"
            + "0c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082");
    private static final byte[] MP3 = bytes("4944330300000000000a6d696175");
    private static final byte[] MP4 = bytes("000000146674797069736f6d0000020069736f6d");

    @TempDir
    private Path folder;

    private String talk;

    @BeforeEach
    void start() {
        talk = talk();
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private Path file(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    /** Sends a file and lets the other side fetch it by the address that came with the message. */
    private Said uploaded(Draft.Kind kind, String name, byte[] bytes) throws Exception {
        tom.send(talk, Draft.upload(kind, file(name, bytes), "look").with(Map.of("from", "test")));
        Said got = jerry.next("Message").said();
        assertEquals("look", got.text());
        assertEquals(Map.of("from", "test"), got.attrs());
        assertNotNull(got.file().get("objId"));
        assertArrayEquals(bytes, fetched((String) got.file().get("url")));
        return got;
    }

    private static byte[] fetched(String url) throws Exception {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
            return HttpClient.newHttpClient().send(request, BodyHandlers.ofByteArray()).body();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw stopped;
        }
    }

    @Test
    void anImageIsUploaded() throws Exception {
        Said got = uploaded(Draft.Kind.IMAGE, "cat.png", PNG);
        assertEquals("AVIMImageMessage", got.kind());
        assertEquals(PNG.length, ((Map<?, ?>) got.file().get("metaData")).get("size"));
    }

    @Test
    void aSoundIsUploaded() throws Exception {
        assertEquals("AVIMAudioMessage", uploaded(Draft.Kind.AUDIO, "miau.mp3", MP3).kind());
    }

    @Test
    void aFilmIsUploaded() throws Exception {
        assertEquals("AVIMVideoMessage", uploaded(Draft.Kind.VIDEO, "chase.mp4", MP4).kind());
    }

    @Test
    void aFileIsUploaded() throws Exception {
        assertEquals("AVIMFileMessage", uploaded(Draft.Kind.FILE, "猫.txt", "purr".getBytes()).kind());
    }

    /** What lies elsewhere is only written down. */
    @Test
    void aLinkedImageIsSent() {
        tom.send(talk, Draft.linked(Draft.Kind.IMAGE, "http://example.com/cat.png", "a cat"));
        Said got = jerry.next("Message").said();
        assertEquals("AVIMImageMessage", got.kind());
        assertEquals("a cat", got.text());
        assertEquals("http://example.com/cat.png", got.file().get("url"));
    }

    /** It is in the history as it was sent. */
    @Test
    void aFileStaysInTheHistory() throws Exception {
        Said sent = uploaded(Draft.Kind.FILE, "notes.txt", "notes".getBytes());
        Said got = jerry.history(talk, 1).get(0);
        assertEquals(sent.id(), got.id());
        assertEquals(sent.file(), got.file());
    }
}
