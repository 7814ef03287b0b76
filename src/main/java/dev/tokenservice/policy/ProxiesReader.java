package dev.tokenservice.policy;

import dev.tokenservice.configuration.Suggestion;
import dev.tokenservice.identity.SpiffeId;
import dev.tokenservice.policy.AuthorityReader.Definition;
import dev.tokenservice.policy.PolicyNode.Placed;
import dev.tokenservice.x509.SubjectAlternativeName;
import dev.tokenservice.x509.SubjectAlternativeName.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads {@code proxies} of a policy file. */
final class ProxiesReader {

    private final PolicyNode place;
    private final List<Definition> authorities;

    ProxiesReader(PolicyNode place, List<Definition> authorities) {
        this.place = place;
        this.authorities = authorities;
    }

    /** Returns the proxies; empty if they are missing or invalid. */
    Optional<Proxies> read() {
        Map<String, PolicyNode> members = place.members(List.of("authority", "names"));
        Optional<Definition> authority = member(members, "authority", "the authority that vouches for the proxies")
                .flatMap(this::authority);
        Set<String> names = member(members, "names", "the SPIFFE IDs or DNS names of the proxies' certificates")
                .map(PolicyNode::texts)
                .orElse(List.of())
                .stream()
                .filter(name -> check(name, authority))
                .map(Placed::text)
                .collect(Collectors.toUnmodifiableSet());
        return authority.map(vouching -> new Proxies(vouching.name(), names));
    }

    private Optional<PolicyNode> member(Map<String, PolicyNode> members, String key, String meaning) {
        if (!members.containsKey(key)) {
            place.problem(key + " is missing in proxies: " + meaning);
        }
        return Optional.ofNullable(members.get(key));
    }

    private Optional<Definition> authority(PolicyNode node) {
        Optional<String> name = node.text();
        Optional<Definition> found = name.flatMap(wanted -> authorities.stream()
                .filter(authority -> authority.name().equals(wanted))
                .findFirst());
        if (name.isPresent() && found.isEmpty()) {
            List<String> known = authorities.stream().map(Definition::name).toList();
            node.problem("the authority " + PolicyProblems.quoted(name.get()) + " is unknown; "
                    + (known.isEmpty() ? "proxies needs authorities" : "known: " + String.join(", ", known))
                    + Suggestion.among(known, name.get()));
        }
        return found;
    }

    private static boolean check(Placed name, Optional<Definition> authority) {
        boolean spiffe = SpiffeId.parse(name.text()).isPresent();
        if (!spiffe && !NameRestrictions.isHost(name.text().toLowerCase(Locale.ROOT))) {
            name.node().problem("must be a SPIFFE ID or a DNS name, found " + PolicyProblems.quoted(name.text()));
            return false;
        }
        SubjectAlternativeName given = new SubjectAlternativeName(spiffe ? Kind.URI : Kind.DNS, name.text(), List.of());
        if (authority.isPresent() && !authority.get().restrictions().gives(given)) {
            name.node()
                    .problem("the authority " + authority.get().name() + " may not give the name "
                            + PolicyProblems.quoted(name.text()) + ": add it to its "
                            + (spiffe ? "trustDomains" : "dnsSuffixes"));
            return false;
        }
        return true;
    }
}
