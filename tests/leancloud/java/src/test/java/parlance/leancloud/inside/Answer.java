package parlance.leancloud.inside;

import cn.leancloud.AVException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import parlance.leancloud.Refused;

/** What a callback of the SDK will be given. */
final class Answer<T> {
    private static final int PATIENCE = 30;
    private final CompletableFuture<T> value = new CompletableFuture<>();

    void give(T result, AVException failure) {
        if (failure != null) {
            Refused refused = new Refused(failure.getCode(), failure.getMessage());
            refused.initCause(failure);
            value.completeExceptionally(refused);
        } else {
            value.complete(result);
        }
    }

    T await() {
        try {
            return value.get(PATIENCE, TimeUnit.SECONDS);
        } catch (ExecutionException failure) {
            Refused refused = (Refused) failure.getCause();
            refused.addSuppressed(new Refused(refused.code(), "here"));
            throw refused;
        } catch (TimeoutException never) {
            throw new AssertionError("the SDK never called back", never);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }
}
