package dev.tokenservice.policy;

import dev.tokenservice.identity.Attribute;
import dev.tokenservice.identity.ClientAttribute;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One case of a file of cases: a client, what it asks for, and what is expected.
 *
 * @param line of the file
 * @param certificate files of the client's certificate and of what it sends along; empty where attributes are given
 * @param client its attributes, where no certificate is given
 * @param flow by which it comes; empty for the TLS port
 * @param now at which time; empty for the present
 */
record PolicyCase(
        String name,
        int line,
        List<Path> certificate,
        Map<ClientAttribute, Attribute<?>> client,
        Optional<String> flow,
        Request request,
        Optional<Instant> now,
        Expected expected) {

    /** What the client asks for. */
    record Request(
            Optional<String> audience,
            Optional<String> relyingParty,
            List<String> scopes,
            Optional<String> serviceAccount) {

        static final Request NOTHING = new Request(Optional.empty(), Optional.empty(), List.of(), Optional.empty());
    }

    /**
     * What is expected; what is empty may be anything.
     *
     * @param allowed whether a token is issued
     * @param rule the name of the rule that decides; {@code none} where none is to decide
     * @param claims of the token, among others
     */
    record Expected(boolean allowed, Optional<String> rule, Optional<String> subject, Map<String, Object> claims) {}
}
