package dev.tokenservice.doctor;

import java.util.ArrayList;
import java.util.List;

/** What the checks have found so far. */
final class Findings {

    private final List<Finding> all = new ArrayList<>();

    void ok(CheckName check, String evidence) {
        add(check, Result.OK, evidence, "");
    }

    void warn(CheckName check, String evidence, String remedy) {
        add(check, Result.WARN, evidence, remedy);
    }

    void fail(CheckName check, String evidence, String remedy) {
        add(check, Result.FAIL, evidence, remedy);
    }

    void skip(String reason, CheckName... checks) {
        for (CheckName check : checks) {
            add(check, Result.SKIPPED, reason, "");
        }
    }

    /** Adds the warnings of one check, or, if there are none, what is well. */
    void warnOrElse(List<Finding> warnings, Runnable otherwise) {
        if (warnings.isEmpty()) {
            otherwise.run();
        }
        all.addAll(warnings);
    }

    private void add(CheckName check, Result result, String evidence, String remedy) {
        all.add(new Finding(check.toString(), result, evidence, remedy));
    }

    List<Finding> all() {
        return List.copyOf(all);
    }

    boolean failed(CheckName check) {
        return all.stream()
                .anyMatch(finding -> finding.check().equals(check.toString()) && finding.result() == Result.FAIL);
    }
}
