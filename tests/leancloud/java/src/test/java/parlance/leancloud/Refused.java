package parlance.leancloud;

/** What the SDK tells its app when something was not done. */
public final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int code;

    public Refused(int code, String reason) {
        super(code + " " + reason);
        this.code = code;
    }

    /** The server's code, or one of the SDK's own. */
    public int code() {
        return code;
    }
}
