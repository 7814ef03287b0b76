package dev.tokenservice.policy;

import dev.tokenservice.configuration.Suggestion;
import dev.tokenservice.identity.IpNetwork;
import dev.tokenservice.identity.SpiffeId;
import dev.tokenservice.policy.PolicyNode.Placed;
import dev.tokenservice.x509.DistinguishedName;
import dev.tokenservice.x509.FetchSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads one authority of a policy file, but not the files that it names. */
final class AuthorityReader {

    static final List<String> KEYS = List.of(
            "trustBundle",
            "revocationLists",
            "crl",
            "distributionPoints",
            "trustDomains",
            "dnsSuffixes",
            "uriPrefixes",
            "emailDomains",
            "ipNetworks",
            "subjects",
            "intermediatesAsAnchors",
            "clientId");

    private static final List<String> RESTRICTIONS =
            List.of("trustDomains", "dnsSuffixes", "uriPrefixes", "emailDomains", "ipNetworks", "subjects");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,62}");
    private static final Pattern URI_PREFIX = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:[!-~]*");

    /**
     * An authority as the policy file defines it.
     *
     * @param restricted whether it has restrictions of names, valid or not
     * @param clientIdPlace the place of {@code clientId}, or of the authority if it has none
     */
    record Definition(
            String name,
            PolicyNode place,
            Optional<Placed> trustBundle,
            List<Placed> revocationLists,
            Optional<FetchSettings> fetched,
            NameRestrictions restrictions,
            boolean restricted,
            boolean intermediatesAsAnchors,
            Optional<ClientIdTemplate> clientId,
            PolicyNode clientIdPlace) {}

    private final Map<String, PolicyNode> members;

    private AuthorityReader(Map<String, PolicyNode> members) {
        this.members = members;
    }

    static Definition read(String name, PolicyNode place) {
        if (!NAME.matcher(name).matches() || name.equals(Authority.FORWARDED.name())) {
            place.problem("the authority " + PolicyProblems.quoted(name)
                    + " must be named with 1 to 63 letters, digits, - and _, and not forwarded");
        }
        Map<String, PolicyNode> members = place.members(KEYS);
        if (!members.containsKey("trustBundle")) {
            place.problem("trustBundle is missing: a PEM file, or a folder of PEM files");
        }
        return new AuthorityReader(members).definition(name, place);
    }

    private Definition definition(String name, PolicyNode place) {
        PolicyNode clientIdPlace = members.getOrDefault("clientId", place);
        Optional<ClientIdTemplate> clientId = Optional.ofNullable(members.get("clientId"))
                .flatMap(PolicyNode::text)
                .map(ClientIdTemplate::parse);
        clientId.ifPresent(template -> check(template, clientIdPlace));
        return new Definition(
                name,
                place,
                Optional.ofNullable(members.get("trustBundle"))
                        .flatMap(node -> node.text().map(text -> new Placed(text, node))),
                Optional.ofNullable(members.get("revocationLists"))
                        .map(PolicyNode::texts)
                        .orElse(List.of()),
                CrlReader.read(members),
                restrictions(),
                RESTRICTIONS.stream().anyMatch(members::containsKey),
                Optional.ofNullable(members.get("intermediatesAsAnchors"))
                        .map(PolicyNode::flag)
                        .orElse(false),
                clientId,
                clientIdPlace);
    }

    private static void check(ClientIdTemplate template, PolicyNode place) {
        template.problem().ifPresent(place::problem);
        List<String> known = ClientIdTemplate.attributes();
        template.named().stream()
                .filter(name -> !known.contains(name))
                .forEach(name -> place.problem("the placeholder {client." + name + "} is unknown; known: "
                        + String.join(", ", known) + Suggestion.among(known, name)));
    }

    private NameRestrictions restrictions() {
        return new NameRestrictions(
                list(
                        "trustDomains",
                        "a trust domain such as factory.example",
                        text -> SpiffeId.parse("spiffe://" + text)
                                .filter(id -> id.path().isEmpty())
                                .map(SpiffeId::trustDomain)),
                list("dnsSuffixes", "a DNS name, or .a.example for the names below a.example", AuthorityReader::suffix),
                list(
                        "uriPrefixes",
                        "the beginning of URIs that ends in / or :, without % and dot segments; SPIFFE IDs are in trustDomains",
                        AuthorityReader::uriPrefix),
                list("emailDomains", "a domain such as example.com", AuthorityReader::host),
                list("ipNetworks", "a network such as 10.0.0.0/8 or 2001:db8::/32, or an address", IpNetwork::parse),
                list("subjects", "parts of a name such as O=Example,OU=Devices", DistinguishedName::read));
    }

    private <T> List<T> list(String key, String allowed, Function<String, Optional<T>> parser) {
        PolicyNode node = members.get(key);
        if (node == null) {
            return List.of();
        }
        List<T> values = new ArrayList<>();
        for (Placed item : node.texts()) {
            Optional<T> value = parser.apply(item.text());
            if (value.isEmpty()) {
                item.node().problem("must be " + allowed + ", found " + PolicyProblems.quoted(item.text()));
            }
            value.ifPresent(values::add);
        }
        return List.copyOf(values);
    }

    private static Optional<String> host(String text) {
        return Optional.of(text.toLowerCase(Locale.ROOT)).filter(NameRestrictions::isHost);
    }

    private static Optional<String> suffix(String text) {
        return text.startsWith(".") ? host(text.substring(1)).map(host -> "." + host) : host(text);
    }

    private static Optional<String> uriPrefix(String text) {
        return Optional.of(text)
                .filter(prefix -> prefix.endsWith("/") || prefix.endsWith(":"))
                .filter(prefix -> URI_PREFIX.matcher(prefix).matches())
                .filter(prefix -> !SpiffeId.isClaimedBy(prefix) && NameRestrictions.isPlainUri(prefix));
    }
}
