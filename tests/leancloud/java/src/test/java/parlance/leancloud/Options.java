package parlance.leancloud;

/**
 * How an app has set the SDK up.
 *
 * @param app the app it belongs to
 * @param socket the address of the socket, or null to ask {@code /v1/route}
 * @param unread whether the app wants counters of what it has not read
 * @param signer what its own backend signs with, or null
 */
public record Options(App app, String socket, boolean unread, Signer signer) {
    /** What an app has that has changed nothing. */
    public static Options of(App app) {
        return new Options(app, null, false, null);
    }

    /** The same, but it is told the socket's address. */
    public Options at(String address) {
        return new Options(app, address, unread, signer);
    }

    /** The same, with counters. */
    public Options counting() {
        return new Options(app, socket, true, signer);
    }

    /** The same, with signatures. */
    public Options signing(Signer by) {
        return new Options(app, socket, unread, by);
    }
}
