package parlance.leancloud;

import java.util.List;
import java.util.Map;

/** Whom something was done to, and for whom it was refused with which code. */
public record Outcome(List<String> done, Map<String, Integer> failed) {}
