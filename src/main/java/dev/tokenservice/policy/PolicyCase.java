package dev.tokenservice.policy;

import dev.tokenservice.identity.Attribute;
import dev.tokenservice.identity.ClientAttribute;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One case of a file of cases: a client, its request, and the expected decision.
 *
 * @param line the line in the file, from 1
 * @param certificate the files of the client certificate and of the other certificates that it sends; empty if attributes are
 *     given
 * @param client its attributes; used if no certificate is given
 * @param flow the name of the flow; empty for the TLS port
 * @param now the time of the request; empty for the current time
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

    /** The parameters of the request. */
    record Request(
            Optional<String> audience,
            Optional<String> relyingParty,
            List<String> scopes,
            Optional<String> serviceAccount) {

        static final Request NOTHING = new Request(Optional.empty(), Optional.empty(), List.of(), Optional.empty());
    }

    /**
     * The expected decision. An empty member matches anything.
     *
     * @param allowed whether a token is issued
     * @param rule the name of the rule that decides; {@code none} if no rule decides
     * @param claims claims that the token must have; it may have others
     */
    record Expected(boolean allowed, Optional<String> rule, Optional<String> subject, Map<String, Object> claims) {}
}
