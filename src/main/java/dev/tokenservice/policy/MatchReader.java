package dev.tokenservice.policy;

import dev.tokenservice.configuration.Suggestion;
import dev.tokenservice.identity.ClientAttribute;
import dev.tokenservice.policy.NamePattern.Kind;
import dev.tokenservice.policy.PolicyNode.Placed;
import dev.tokenservice.x509.DistinguishedName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads the {@code match} of a rule. */
final class MatchReader {

    static final String AS = "as";

    private static final String IN = "in";
    private static final String AUTHORITY = "authority";
    private static final String FLOW = "flow";
    private static final String RELYING_PARTY = "relyingParty";
    private static final String PREFIX = "client.";
    private static final Pattern ROW_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");
    private static final Set<String> TAKEN = Set.of("client", "request", "now", "true", "false", "null", "in");

    /** Attributes that two authorities can give to different clients. */
    private static final Set<ClientAttribute> OF_AN_AUTHORITY =
            Set.of(ClientAttribute.SERIAL, ClientAttribute.CN, ClientAttribute.SUBJECT);

    /** An attribute, and the kind of its names. */
    private record Name(ClientAttribute attribute, Kind kind) {}

    private static final Map<String, Name> NAMES = names();
    private static final Map<String, ClientAttribute> DIRECTORY_NAMES =
            Map.of("subject", ClientAttribute.SUBJECT, "issuer", ClientAttribute.ISSUER);

    private final RuleContext context;
    private final boolean denies;
    private final List<MatchTerm> terms = new ArrayList<>();
    private final List<SetTerm> sets = new ArrayList<>();

    MatchReader(RuleContext context, boolean denies) {
        this.context = context;
        this.denies = denies;
    }

    private static Map<String, Name> names() {
        Map<String, Name> names = new LinkedHashMap<>();
        names.put(AUTHORITY, new Name(ClientAttribute.AUTHORITY, Kind.EXACT));
        names.put(FLOW, new Name(ClientAttribute.FLOW, Kind.EXACT));
        names.put("spiffe", new Name(ClientAttribute.SPIFFE, Kind.SPIFFE));
        names.put("dns", new Name(ClientAttribute.DNS, Kind.DNS));
        names.put("uri", new Name(ClientAttribute.URIS, Kind.URI));
        names.put("email", new Name(ClientAttribute.EMAILS, Kind.EMAIL));
        names.put("cn", new Name(ClientAttribute.CN, Kind.EXACT));
        names.put("sha256", new Name(ClientAttribute.SHA256, Kind.SHA256));
        names.put("serial", new Name(ClientAttribute.SERIAL, Kind.SERIAL));
        return names;
    }

    static List<String> keys() {
        List<String> keys = new ArrayList<>(NAMES.keySet());
        keys.addAll(List.of("subject", "issuer", RELYING_PARTY, IN));
        return keys;
    }

    List<MatchTerm> terms() {
        return terms;
    }

    List<SetTerm> sets() {
        return sets;
    }

    void read(PolicyNode place) {
        Map<String, PolicyNode> members = place.members(keys());
        if (members.isEmpty()) {
            place.problem("must not be empty: without match a rule is for every client");
        }
        members.forEach((key, node) -> {
            Name name = NAMES.get(key);
            ClientAttribute directoryName = DIRECTORY_NAMES.get(key);
            if (name != null) {
                terms.add(new MatchTerm.OfName(
                        key, name.attribute(), values(node, text -> pattern(text, name.kind()))));
            } else if (directoryName != null) {
                terms.add(new MatchTerm.OfDirectory(
                        key, directoryName, values(node, MatchReader::directoryName), key.equals("issuer")));
            } else if (key.equals(RELYING_PARTY)) {
                terms.add(new MatchTerm.OfRelyingParty(
                        values(node, text -> relyingParty(text, context.relyingParties()))));
            }
        });
        Optional.ofNullable(members.get(AUTHORITY)).ifPresent(node -> check(node, AUTHORITY, context.authorities()));
        Optional.ofNullable(members.get(FLOW))
                .filter(node -> !context.flows().isEmpty())
                .ifPresent(node -> check(node, FLOW, context.flows()));
        Optional.ofNullable(members.get(IN)).ifPresent(node -> readSets(node));
    }

    private static void check(PolicyNode place, String kind, List<String> known) {
        values(place, text -> known(text, kind, known));
    }

    /** Reads one value, or a list of values. */
    private static <T> List<T> values(PolicyNode node, Function<Placed, Optional<T>> reader) {
        return node.oneOrMore().stream()
                .flatMap(text -> reader.apply(text).stream())
                .toList();
    }

    private static Optional<NamePattern> pattern(Placed value, Kind kind) {
        NamePattern pattern = new NamePattern(kind, value.text());
        Optional<String> problem = pattern.problem();
        problem.ifPresent(value.node()::problem);
        pattern.doubt().ifPresent(value.node()::warn);
        return problem.isPresent() ? Optional.empty() : Optional.of(pattern);
    }

    private static Optional<DistinguishedName> directoryName(Placed value) {
        Optional<DistinguishedName> name = DistinguishedName.read(value.text());
        if (name.isEmpty()) {
            value.node()
                    .problem("must be a distinguished name such as O=Example,OU=Devices, found "
                            + PolicyProblems.quoted(value.text()));
        }
        return name;
    }

    /** Returns the name of a relying party. Accepts any name if the settings, which may name others, are unknown. */
    static Optional<String> relyingParty(Placed value, RelyingParties parties) {
        if (parties.areGuessed() && !parties.names().contains(value.text())) {
            value.node()
                    .problem("the relying party " + PolicyProblems.quoted(value.text())
                            + " could only be one of the settings, which are not known here: add relyingParties to the "
                            + "policy, as 'policy show' prints them, or use 'check', which reads the settings");
            return Optional.empty();
        }
        return known(value, "relying party", parties.names());
    }

    static Optional<String> known(Placed value, String kind, Collection<String> known) {
        if (known.contains(value.text())) {
            return Optional.of(value.text());
        }
        value.node()
                .problem("the " + kind + " " + PolicyProblems.quoted(value.text()) + " is unknown; "
                        + (known.isEmpty() ? "none is known" : "known: " + String.join(", ", known))
                        + Suggestion.among(known, value.text()));
        return Optional.empty();
    }

    /** Returns the authorities that the match names; empty if it applies to all. */
    Optional<List<String>> authorities() {
        return terms.stream()
                .filter(term -> term.key().equals(AUTHORITY) && term instanceof MatchTerm.OfName)
                .map(term -> ((MatchTerm.OfName) term)
                        .patterns().stream().map(NamePattern::text).toList())
                .findFirst();
    }

    private void readSets(PolicyNode place) {
        Map<String, PolicyNode> members = place.members();
        PolicyNode as = members.remove(AS);
        if (members.isEmpty()) {
            place.problem("must name a set: without one the rule is for every client");
        }
        String row = as == null
                ? SubjectOwners.ROW
                : as.text().flatMap(name -> rowName(name, as)).orElse(SubjectOwners.ROW);
        if (as != null && members.size() != 1) {
            as.problem("names the row of one set: with several, write SET: {key: client.NAME, as: ROW}");
        }
        members.forEach((name, node) -> {
            Optional<String> set =
                    known(new Placed(name, node), "set", context.sets().keySet());
            if (node.isMapping()) {
                Map<String, PolicyNode> parts = node.members(List.of("key", AS));
                Optional<String> own = Optional.ofNullable(parts.get(AS))
                        .flatMap(part -> part.text().flatMap(text -> rowName(text, part)));
                if (!parts.containsKey("key")) {
                    node.problem("key is missing: the attribute by which the client is looked up");
                }
                Optional.ofNullable(parts.get("key")).ifPresent(key -> readSet(set, key, own.orElse(row)));
            } else {
                readSet(set, node, row);
            }
        });
    }

    private static Optional<String> rowName(String name, PolicyNode place) {
        if (ROW_NAME.matcher(name).matches() && !TAKEN.contains(name)) {
            return Optional.of(name);
        }
        place.problem("must be a name of letters, digits and _, and none of "
                + String.join(", ", TAKEN.stream().sorted().toList()));
        return Optional.empty();
    }

    private void readSet(Optional<String> set, PolicyNode node, String row) {
        Optional<ClientAttribute> attribute = node.text().flatMap(text -> attribute(text, node));
        if (attribute.isEmpty() || set.isEmpty()) {
            return;
        }
        if (OF_AN_AUTHORITY.contains(attribute.get())
                && authorities().filter(named -> named.size() == 1).isEmpty()) {
            node.problem(PREFIX + attribute.get().key()
                    + " is unique within an authority only: set authority, to one, in the match of this rule");
        }
        if (sets.stream().anyMatch(other -> other.row().equals(row))) {
            node.problem("two rows are named " + row + ": write SET: {key: client.NAME, as: ROW} to name another");
        }
        RowSet rows = context.sets().get(set.get());
        if (rows != null) {
            checkKeys(new Placed(set.get(), node), rows, attribute.get());
            sets.add(new SetTerm(set.get(), rows, attribute.get(), row));
        }
    }

    /** Checks the form of keys. A key in another form than the attribute is never found, so a deny rule would miss it. */
    private void checkKeys(Placed set, RowSet rows, ClientAttribute attribute) {
        Kind kind = attribute == ClientAttribute.SHA256 ? Kind.SHA256 : Kind.SERIAL;
        if (attribute != ClientAttribute.SHA256 && attribute != ClientAttribute.SERIAL) {
            return;
        }
        String place = "the set " + set.text() + ", column " + rows.key() + ", ";
        rows.misfit(kind).ifPresent(what -> {
            if (denies) {
                set.node().problem(place + what);
            } else {
                set.node().warn(place + what);
            }
        });
        rows.doubt(kind).ifPresent(what -> set.node().warn(place + what));
    }

    private static Optional<ClientAttribute> attribute(String text, PolicyNode place) {
        Optional<ClientAttribute> attribute = Optional.of(text)
                .filter(name -> name.startsWith(PREFIX))
                .flatMap(name -> ClientAttribute.of(name.substring(PREFIX.length())))
                .filter(known -> known.kind() != ClientAttribute.Kind.TIME);
        if (attribute.isEmpty()) {
            List<String> known =
                    ClientAttribute.keys().stream().map(PREFIX::concat).toList();
            place.problem("must be an attribute such as client.serial, found " + PolicyProblems.quoted(text)
                    + Suggestion.among(known, text));
        }
        return attribute;
    }
}
