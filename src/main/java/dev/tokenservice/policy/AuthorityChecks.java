package dev.tokenservice.policy;

import dev.tokenservice.policy.AuthorityReader.Definition;
import java.util.List;
import java.util.Set;

/** Checks that two authorities cannot give the same client id. */
final class AuthorityChecks {

    /** Attributes that differ between authorities: restrictions exclude each other, and nobody can choose a fingerprint. */
    private static final Set<String> DISJOINT =
            Set.of("{client.dns}", "{client.uris}", "{client.emails}", "{client.ips}", "{client.sha256}");

    private static final String SPIFFE = "{client.spiffe}";

    private final List<Definition> definitions;
    private final ClientIdTemplate standard;

    AuthorityChecks(List<Definition> definitions, ClientIdTemplate standard) {
        this.definitions = definitions;
        this.standard = standard;
    }

    void run() {
        for (int i = 0; i < definitions.size(); i++) {
            Definition definition = definitions.get(i);
            checkAlone(definition);
            for (Definition earlier : definitions.subList(0, i)) {
                checkBeside(definition, earlier);
            }
        }
    }

    private ClientIdTemplate template(Definition definition) {
        return definition.clientId().orElse(standard);
    }

    private void checkAlone(Definition definition) {
        if (definitions.size() > 1 && !definition.restricted()) {
            definition
                    .place()
                    .problem("the authority " + definition.name()
                            + " may give every name, which is allowed only for a single authority: set "
                            + "trustDomains, dnsSuffixes, uriPrefixes, emailDomains, ipNetworks or subjects");
        }
        if (definition.restricted() && !definition.restrictions().givesSubjects()) {
            template(definition).named().stream()
                    .filter(ClientIdTemplate.OF_SUBJECT::contains)
                    .findFirst()
                    .ifPresent(name -> definition
                            .clientIdPlace()
                            .problem("the client id needs " + name + ", which the authority " + definition.name()
                                    + " does not give: set subjects"));
        }
    }

    private void checkBeside(Definition definition, Definition earlier) {
        ClientIdTemplate one = template(earlier);
        ClientIdTemplate other = template(definition);
        if (one.beginsWithAuthority() && other.beginsWithAuthority()) {
            return;
        }
        earlier.restrictions()
                .overlaps(definition.restrictions())
                .forEach(
                        (key, value) -> definition
                                .place()
                                .problem(
                                        key + " of the authorities " + earlier.name() + " and " + definition.name()
                                                + " overlap"
                                                + (value.isEmpty() ? "" : ", at " + PolicyProblems.quoted(value))
                                                + ": they must exclude each other, or the clientId of both begin with {client.authority}/"));
        if (!areDistinct(one, other)) {
            definition
                    .clientIdPlace()
                    .problem("a client of " + definition.name() + ", named " + other.text()
                            + ", could have the id of one of "
                            + earlier.name() + ", named " + one.text()
                            + ": begin the clientId of both with {client.authority}/");
        }
    }

    private static boolean areDistinct(ClientIdTemplate one, ClientIdTemplate other) {
        return one.beginsWithAuthority()
                || other.beginsWithAuthority()
                || one.text().equals(SPIFFE)
                || other.text().equals(SPIFFE)
                || (one.text().equals(other.text()) && DISJOINT.contains(one.text()));
    }
}
