package dev.tokenservice.doctor;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Comparator;
import java.util.List;

/**
 * All findings, in the two forms in which they are told.
 *
 * @param findings in the order of the checks
 */
@JsonPropertyOrder({"worst", "findings"})
public record Report(List<Finding> findings) {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String LINE = "%-9s%-21s%s%n";

    public Report {
        findings = List.copyOf(findings);
    }

    /** Returns the worst result; a skipped check counts as OK. */
    @JsonProperty("worst")
    public Result worst() {
        return findings.stream()
                .map(Finding::result)
                .filter(result -> result != Result.SKIPPED)
                .max(Comparator.naturalOrder())
                .orElse(Result.OK);
    }

    public String json() {
        try {
            return MAPPER.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts can be written", e);
        }
    }

    public String text() {
        StringBuilder text = new StringBuilder();
        for (Finding finding : findings) {
            text.append(LINE.formatted(finding.result(), finding.check(), finding.evidence()));
            if (!finding.remedy().isEmpty()) {
                text.append(LINE.formatted("", "", "remedy: " + finding.remedy()));
            }
        }
        return text.append(System.lineSeparator())
                .append("%d OK, %d WARN, %d FAIL, %d SKIPPED%n"
                        .formatted(count(Result.OK), count(Result.WARN), count(Result.FAIL), count(Result.SKIPPED)))
                .toString();
    }

    private long count(Result result) {
        return findings.stream().filter(finding -> finding.result() == result).count();
    }
}
