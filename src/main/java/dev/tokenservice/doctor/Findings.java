package dev.tokenservice.doctor;

import java.util.ArrayList;
import java.util.List;

/** What the checks have found so far. */
final class Findings {

    private final List<Finding> all = new ArrayList<>();

    void ok(Check check, String evidence) {
        add(check, Result.OK, evidence, "");
    }

    void warn(Check check, String evidence, String remedy) {
        add(check, Result.WARN, evidence, remedy);
    }

    void fail(Check check, String evidence, String remedy) {
        add(check, Result.FAIL, evidence, remedy);
    }

    void skip(String reason, Check... checks) {
        for (Check check : checks) {
            add(check, Result.SKIPPED, reason, "");
        }
    }

    private void add(Check check, Result result, String evidence, String remedy) {
        all.add(new Finding(check.toString(), result, evidence, remedy));
    }

    List<Finding> all() {
        return List.copyOf(all);
    }

    /** Whether a check has failed. */
    boolean failed(Check check) {
        return all.stream()
                .anyMatch(finding -> finding.check().equals(check.toString()) && finding.result() == Result.FAIL);
    }
}
