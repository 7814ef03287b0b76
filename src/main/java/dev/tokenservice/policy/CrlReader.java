package dev.tokenservice.policy;

import dev.tokenservice.configuration.Durations;
import dev.tokenservice.policy.PolicyNode.Placed;
import dev.tokenservice.x509.FetchSettings;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads the settings of an authority for fetching revocation lists. */
final class CrlReader {

    static final int MAX_URLS = 16;

    private static final List<String> KEYS = List.of("fetch", "every", "maxStaleness", "onStale", "cache");
    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration MOST_OF_EVERY = Duration.ofDays(7);
    private static final Duration MOST_OF_STALENESS = Duration.ofDays(30);
    private static final Duration EVERY = Duration.ofHours(1);
    private static final Duration MAX_STALENESS = Duration.ofHours(24);

    private final PolicyNode place;
    private final Map<String, PolicyNode> members;
    private final Optional<PolicyNode> points;

    private CrlReader(PolicyNode place, Map<String, PolicyNode> members, Optional<PolicyNode> points) {
        this.place = place;
        this.members = members;
        this.points = points;
    }

    /** Returns the settings of an authority; empty if no lists are fetched. */
    static Optional<FetchSettings> read(Map<String, PolicyNode> authority) {
        Optional<PolicyNode> crl = Optional.ofNullable(authority.get("crl"));
        Optional<PolicyNode> points = Optional.ofNullable(authority.get("distributionPoints"));
        return crl.or(() -> points)
                .map(place ->
                        new CrlReader(place, crl.map(node -> node.members(KEYS)).orElse(Map.of()), points).settings());
    }

    private FetchSettings settings() {
        if (!members.containsKey("fetch") && points.isEmpty()) {
            place.problem("fetch is missing: the URLs of the revocation lists");
        }
        Duration every = duration("every", EVERY, MOST_OF_EVERY);
        Duration maxStaleness = duration("maxStaleness", MAX_STALENESS, MOST_OF_STALENESS);
        if (maxStaleness.compareTo(every) <= 0) {
            place.problem("maxStaleness (24h where it is not set) must be longer than every (1h where it is not set)");
        }
        return new FetchSettings(
                urls(),
                every,
                maxStaleness,
                Optional.ofNullable(members.get("onStale"))
                        .flatMap(node -> node.choice(List.of("refuse", "warn")))
                        .filter("warn"::equals)
                        .isPresent(),
                cache(),
                points.map(CrlReader::hosts).orElse(Set.of()));
    }

    private static Set<String> hosts(PolicyNode points) {
        PolicyNode node = points.members(List.of("hosts")).get("hosts");
        if (node == null) {
            points.problem("hosts is missing: the DNS names from which the lists of certificates may be fetched");
            return Set.of();
        }
        Set<String> hosts = new TreeSet<>();
        for (Placed item : node.texts()) {
            String host = item.text().toLowerCase(Locale.ROOT);
            if (!NameRestrictions.isHost(host)) {
                item.node()
                        .problem("must be a DNS name such as crl.example.com, found "
                                + PolicyProblems.quoted(item.text()));
            }
            hosts.add(host);
        }
        return hosts;
    }

    private List<URI> urls() {
        PolicyNode fetch = members.get("fetch");
        if (fetch == null) {
            return List.of();
        }
        List<URI> urls = new ArrayList<>();
        for (Placed item : fetch.texts()) {
            Optional<URI> url = FetchSettings.url(item.text());
            if (url.isEmpty()) {
                item.node()
                        .problem("must be a URL such as http://ca.example.com/ca.crl: http or https, without user and "
                                + "fragment, found " + PolicyProblems.quoted(item.text()));
            } else if (urls.contains(url.get())) {
                item.node().problem("the URL " + PolicyProblems.quoted(item.text()) + " is repeated");
            }
            url.ifPresent(urls::add);
        }
        if (urls.size() > MAX_URLS) {
            fetch.problem("must have " + MAX_URLS + " URLs at most, found " + urls.size());
        }
        return List.copyOf(urls);
    }

    private Duration duration(String key, Duration standard, Duration most) {
        PolicyNode node = members.get(key);
        Optional<String> text = Optional.ofNullable(node).flatMap(PolicyNode::text);
        if (node == null || text.isEmpty()) {
            return standard;
        }
        Optional<Duration> duration =
                Durations.parse(text.get()).filter(value -> value.compareTo(LEAST) >= 0 && value.compareTo(most) <= 0);
        if (duration.isEmpty()) {
            node.problem("must be a duration of 1 second to " + most.toDays() + " days, such as 90m, 24h or 7d, found "
                    + PolicyProblems.quoted(text.get()));
        }
        return duration.orElse(standard);
    }

    private Optional<Path> cache() {
        PolicyNode node = members.get("cache");
        try {
            return Optional.ofNullable(node).flatMap(PolicyNode::text).map(Path::of);
        } catch (InvalidPathException e) {
            place.problem("cache must be the path of a folder");
            return Optional.empty();
        }
    }
}
