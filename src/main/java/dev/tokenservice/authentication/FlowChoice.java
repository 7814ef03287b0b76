package dev.tokenservice.authentication;

import dev.tokenservice.configuration.FoundObjects;
import dev.tokenservice.configuration.Suggestion;
import io.dropwizard.validation.selfvalidating.ViolationCollector;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which of the known flows are enabled.
 *
 * @param found the factories of the known flows
 * @param chosen names of flows in any case
 */
record FlowChoice(FoundObjects found, List<@Nullable String> chosen) {

    /** By name, in any case. */
    private Map<String, CertificateSourceFactory> known() {
        Map<String, CertificateSourceFactory> known = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        found.of(CertificateSourceFactory.class).forEach(factory -> known.put(factory.flow(), factory));
        return known;
    }

    /** The names of the known flows. */
    List<String> all() {
        return List.copyOf(known().keySet());
    }

    /** Says what is wrong with the names, and names the known flows. Returns whether all of them are known. */
    boolean validate(ViolationCollector problems) {
        Set<String> known = known().keySet();
        if (chosen.isEmpty()) {
            problems.addViolation("flows", "must name at least one of " + known);
        }
        for (int i = 0; i < chosen.size(); i++) {
            String flow = String.valueOf(chosen.get(i));
            if (!known.contains(flow)) {
                problems.addViolation(
                        "flows", i, "must be one of the known flows " + known + Suggestion.among(known, flow));
            }
        }
        if (!known.containsAll(chosen)) {
            return false;
        }
        if (names().stream().distinct().count() < chosen.size()) {
            problems.addViolation("flows", "must name each flow once");
        } else if (enabled(true).count() > 1) {
            problems.addViolation(
                    "flows", "must name only one flow that reads headers: with two, a client could choose");
        }
        return true;
    }

    Stream<CertificateSourceFactory> enabled() {
        return known().values().stream().filter(factory -> chosen.stream().anyMatch(factory.flow()::equalsIgnoreCase));
    }

    Stream<CertificateSourceFactory> enabled(boolean readsHeaders) {
        return enabled().filter(factory -> factory.headers().isEmpty() != readsHeaders);
    }

    /** Returns the headers of every flow, enabled or not. */
    Stream<String> headers() {
        return known().values().stream().flatMap(factory -> factory.headers().stream());
    }

    /** The names as the flows have them. */
    List<String> names() {
        Map<String, CertificateSourceFactory> known = known();
        return chosen.stream()
                .filter(Objects::nonNull)
                .map(flow -> Optional.ofNullable(known.get(flow))
                        .map(CertificateSourceFactory::flow)
                        .orElse(flow))
                .toList();
    }
}
