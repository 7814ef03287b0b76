package dev.tokenservice.policy;

import dev.tokenservice.identity.Attribute;
import dev.tokenservice.identity.ClientAttribute;
import dev.tokenservice.identity.SpiffeId;
import dev.tokenservice.policy.PolicyCase.Expected;
import dev.tokenservice.policy.PolicyCase.Request;
import dev.tokenservice.policy.PolicyNode.Placed;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads a file of cases as strictly as a policy. */
final class PolicyCaseReader {

    private static final List<String> KEYS =
            List.of("name", "certificate", "chain", "client", "flow", "request", "now", "expect");
    private static final String UNKNOWN = "unknown";
    private static final String ALLOW = "allow";

    private final Path folder;

    private PolicyCaseReader(Path folder) {
        this.folder = folder;
    }

    /**
     * Reads all cases.
     *
     * @throws dev.tokenservice.files.UnusableFileException with all problems
     */
    static List<PolicyCase> read(Path file) {
        PolicyProblems problems = new PolicyProblems(file);
        List<PolicyCase> cases = new ArrayList<>();
        PolicyCaseReader reader = new PolicyCaseReader(
                Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file));
        PolicyText.read(file, problems).ifPresent(root -> {
            Optional<PolicyNode> list =
                    Optional.ofNullable(root.members(List.of("cases")).get("cases"));
            if (list.isEmpty()) {
                root.problem("cases is missing: a list of cases");
            }
            Set<String> names = new HashSet<>();
            list.stream().flatMap(node -> node.items().stream()).forEach(node -> {
                PolicyCase one = reader.one(node);
                if (!names.add(one.name())) {
                    node.problem("two cases have the name " + PolicyProblems.quoted(one.name()));
                }
                cases.add(one);
            });
        });
        problems.throwIfAny();
        return cases;
    }

    private PolicyCase one(PolicyNode place) {
        Map<String, PolicyNode> members = place.members(KEYS);
        if (members.containsKey("certificate") == members.containsKey("client")) {
            place.problem("a case has either certificate (a PEM file) or client (attributes)");
        }
        for (String key : List.of("name", "expect")) {
            if (!members.containsKey(key)) {
                place.problem(key + " is missing");
            }
        }
        return new PolicyCase(
                text(members, "name").orElse(""),
                place.line(),
                Stream.of("certificate", "chain")
                        .flatMap(key -> text(members, key).stream())
                        .map(folder::resolve)
                        .toList(),
                member(members, "client").map(PolicyCaseReader::client).orElse(Map.of()),
                text(members, "flow"),
                member(members, "request").map(PolicyCaseReader::request).orElse(Request.NOTHING),
                member(members, "now").flatMap(PolicyCaseReader::time),
                member(members, "expect")
                        .map(PolicyCaseReader::expected)
                        .orElse(new Expected(false, Optional.empty(), Optional.empty(), Map.of())));
    }

    private static Optional<PolicyNode> member(Map<String, PolicyNode> members, String key) {
        return Optional.ofNullable(members.get(key));
    }

    private static Optional<String> text(Map<String, PolicyNode> members, String key) {
        return member(members, key).flatMap(PolicyNode::text);
    }

    private static List<String> texts(Map<String, PolicyNode> members, String key) {
        return member(members, key).stream()
                .flatMap(node -> node.oneOrMore().stream())
                .map(Placed::text)
                .toList();
    }

    private static Map<ClientAttribute, Attribute<?>> client(PolicyNode place) {
        List<String> known = new ArrayList<>(ClientAttribute.keys());
        known.add(UNKNOWN);
        Map<String, PolicyNode> members = place.members(known);
        Map<ClientAttribute, Attribute<?>> client = new EnumMap<>(ClientAttribute.class);
        if (!members.containsKey(ClientAttribute.ID.key())) {
            place.problem("id is missing: the id of the client");
        }
        members.forEach((key, node) -> ClientAttribute.of(key)
                .ifPresent(attribute ->
                        value(attribute, node).ifPresent(value -> client.put(attribute, Attribute.of(value)))));
        Optional.ofNullable(client.get(ClientAttribute.SPIFFE))
                .flatMap(spiffe -> SpiffeId.parse(String.valueOf(spiffe)))
                .ifPresent(spiffe -> {
                    client.putIfAbsent(ClientAttribute.SPIFFE_TRUST_DOMAIN, Attribute.of(spiffe.trustDomain()));
                    client.putIfAbsent(ClientAttribute.SPIFFE_PATH, Attribute.of(spiffe.path()));
                });
        client.putIfAbsent(ClientAttribute.AUTHORITY, Attribute.of(Authority.OF_SETTINGS));
        texts(members, UNKNOWN)
                .forEach(key -> ClientAttribute.of(key)
                        .ifPresentOrElse(
                                attribute -> client.put(attribute, Attribute.unknown()),
                                () -> place.problem("the attribute " + PolicyProblems.quoted(key) + " is unknown")));
        return client;
    }

    private static Optional<?> value(ClientAttribute attribute, PolicyNode node) {
        return switch (attribute.kind()) {
            case TEXT -> node.text();
            case TEXTS ->
                Optional.of(node.oneOrMore().stream().map(Placed::text).toList());
            case TIME -> time(node);
        };
    }

    private static Optional<Instant> time(PolicyNode node) {
        try {
            return Optional.of(Instant.parse(node.written()));
        } catch (DateTimeParseException e) {
            node.problem("must be a time such as 2026-11-30T12:00:00Z");
            return Optional.empty();
        }
    }

    private static Request request(PolicyNode place) {
        Map<String, PolicyNode> members =
                place.members(List.of("audience", "relyingParty", "scopes", "serviceAccount"));
        return new Request(
                text(members, "audience"),
                text(members, "relyingParty"),
                texts(members, "scopes"),
                text(members, "serviceAccount"));
    }

    private static Expected expected(PolicyNode place) {
        Map<String, PolicyNode> members = place.members(List.of("decision", "rule", "subject", "claims"));
        if (!members.containsKey("decision")) {
            place.problem("decision is missing: allow or deny");
        }
        Map<String, Object> claims = new LinkedHashMap<>();
        member(members, "claims")
                .ifPresent(node -> node.members().forEach((name, claim) -> claims.put(name, claim.value())));
        return new Expected(
                member(members, "decision")
                        .flatMap(node -> node.choice(List.of(ALLOW, "deny")))
                        .filter(ALLOW::equals)
                        .isPresent(),
                text(members, "rule"),
                text(members, "subject"),
                claims);
    }
}
