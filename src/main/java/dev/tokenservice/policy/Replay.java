package dev.tokenservice.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tokenservice.files.UnusableFileException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Evaluates a policy for the requests in audit lines, each at its own time. Ignores rate limits. */
public final class Replay {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String NONE = "none";

    private final Trial trial;
    private final Map<Change, Integer> changes = new TreeMap<>(Comparator.comparing(Change::gains)
            .thenComparing(Change::client)
            .thenComparing(Change::relyingParty)
            .thenComparing(Change::rule));
    private final Map<String, Integer> notJudged = new TreeMap<>();
    private int judged;
    private int others;

    /** Creates a replay with a policy. */
    public Replay(Policy policy, PolicyContext context) {
        this.trial = new Trial(policy, context.tokens().audiences());
    }

    /**
     * A request that the policy would decide differently.
     *
     * @param gains whether the client would get a token that it did not get; otherwise it would lose one
     * @param rule the rule of the new policy that decides, or {@code none}
     */
    public record Change(boolean gains, String client, String relyingParty, String rule) {}

    /**
     * The result of a replay.
     *
     * @param changes the changed decisions, with their number
     * @param judged the number of evaluated lines
     * @param others the number of lines that no policy decided
     * @param notJudged the reasons why lines could not be evaluated, with their number
     */
    public record Report(Map<Change, Integer> changes, int judged, int others, Map<String, Integer> notJudged) {}

    /**
     * Reads a file of audit lines in JSON.
     *
     * @throws UnusableFileException if it cannot be read
     */
    public Report read(Path file) {
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                line(line);
            }
        } catch (IOException e) {
            throw new UnusableFileException(file, "cannot be read", e);
        }
        return new Report(changes, judged, others, notJudged);
    }

    private void line(String text) {
        try {
            judge(JSON.readTree(text));
        } catch (JsonProcessingException e) {
            notJudged.merge("the line is not JSON", 1, Integer::sum);
        }
    }

    private void judge(JsonNode line) {
        Optional<Boolean> issued = issued(line);
        if (issued.isEmpty()) {
            others++;
            return;
        }
        JsonNode inputs = line.path("inputs");
        if (!inputs.isObject()) {
            notJudged.merge("the line has no inputs: the service had no policy", 1, Integer::sum);
            return;
        }
        try {
            RecordedClient client = new RecordedClient(inputs);
            TrialAnswer answer = trial.answer(
                    request(client, inputs, Instant.parse(line.path("time").asText())));
            if (client.hasMissed()) {
                notJudged.merge("an attribute that a rule reads was cut: " + client.missed(), 1, Integer::sum);
                return;
            }
            judged++;
            if (answer.issued() != issued.get()) {
                changes.merge(change(line, answer), 1, Integer::sum);
            }
        } catch (DateTimeParseException e) {
            notJudged.merge("the line has no time", 1, Integer::sum);
        }
    }

    /** Returns whether rules allowed the request; empty if something else decided. */
    private static Optional<Boolean> issued(JsonNode line) {
        return switch (line.path("decision").asText()) {
            case "issued" -> Optional.of(true);
            case "refused" ->
                switch (line.path("reason_code").asText()) {
                    // Without a provider, a scope is refused before the rules are evaluated. Such a line has no inputs.
                    case "policy" -> line.has("inputs") ? Optional.of(false) : Optional.empty();
                    // The limit of refusals per certificate applies before the rules are evaluated. Such a line has no
                    // rule.
                    case "rate" -> line.has("rule") ? Optional.of(true) : Optional.empty();
                    default -> Optional.empty();
                };
            default -> Optional.empty();
        };
    }

    private static TrialRequest request(RecordedClient client, JsonNode inputs, Instant time) {
        Optional<String> party = RecordedClient.text(inputs, "request.relyingParty");
        return new TrialRequest(
                client.facts(),
                RecordedClient.text(inputs, "request.audience"),
                party,
                RecordedClient.texts(inputs.path("request.scopes")),
                RecordedClient.text(inputs, "request.serviceAccount"),
                time);
    }

    private static Change change(JsonNode line, TrialAnswer answer) {
        return new Change(
                answer.issued(),
                line.path("client_id").asText(NONE),
                answer.relyingParty()
                        .map(RelyingParty::name)
                        .orElse(line.path("relying_party").asText(NONE)),
                answer.rule().orElse(NONE));
    }
}
