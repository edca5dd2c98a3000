package parlance.leancloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The app's own backend, which speaks LeanCloud's REST API with the master key. */
final class Backend {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private final App app;

    Backend(App app) {
        this.app = app;
    }

    /** Ask for something that is done; what was answered. */
    String ask(String method, String path, String json) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(app.base() + "/1.2/rtm/" + path))
                .header("X-LC-Id", app.id())
                .header("X-LC-Key", app.masterKey() + ",master")
                .header("Content-Type", "application/json")
                .method(method, json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json))
                .build();
        HttpResponse<String> answer = sent(request);
        assertEquals(2, answer.statusCode() / 100, answer.body());
        return answer.body();
    }

    /** The text of a field in an answer. */
    static String field(String name, String answer) {
        Matcher found = Pattern.compile("\"" + name + "\":\\s*\"([^\"]*)\"").matcher(answer);
        assertTrue(found.find(), answer);
        return found.group(1);
    }

    private static HttpResponse<String> sent(HttpRequest request) {
        try {
            return HTTP.send(request, BodyHandlers.ofString());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }
}
