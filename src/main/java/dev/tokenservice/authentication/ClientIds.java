package dev.tokenservice.authentication;

import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.identity.ClientIdAttribute;
import dev.tokenservice.identity.DirectoryName;
import dev.tokenservice.identity.SpiffeId;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.policy.ClientChecks;
import dev.tokenservice.policy.PolicyContext;
import io.dropwizard.validation.selfvalidating.ViolationCollector;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What clients are called.
 *
 * @param attribute the attribute of {@code CLIENT_ID}, where that is set
 * @param ofHeader the attribute of {@code MTLS_HEADER_CLIENT_ID}, where that is set
 */
public record ClientIds(Optional<ClientIdAttribute> attribute, Optional<ClientIdAttribute> ofHeader) {

    static ClientIds of(Optional<String> clientId, List<ClientIdSetting> ofFlows) {
        return new ClientIds(
                clientId.flatMap(ClientIdAttribute::of),
                ofFlows.stream()
                        .flatMap(setting -> setting.clientIdAttribute().stream())
                        .findFirst());
    }

    /** Says where the two settings contradict each other, and where no client could have the attribute. */
    void validate(Stream<CertificateSourceFactory> readingHeaders, boolean tls, ViolationCollector problems) {
        if (attribute.isPresent() && ofHeader.isPresent() && !attribute.equals(ofHeader)) {
            problems.addViolation(
                    "headers.clientId",
                    "must be unset if CLIENT_ID is " + attribute.get().setting() + ": it stands for "
                            + ofHeader.get().setting());
        }
        // Beside the TLS connector the attribute may be for the clients that come there.
        if (attribute.isPresent() && !tls) {
            readingHeaders
                    .filter(flow -> !flow.canTell(attribute.get()))
                    .findFirst()
                    .ifPresent(flow -> problems.addViolation("clientId", missing(flow.flow())));
        }
    }

    /** Returns the variables that are set. */
    List<String> settings() {
        return Stream.of(attribute.isPresent() ? "CLIENT_ID" : "", ofHeader.isPresent() ? "MTLS_HEADER_CLIENT_ID" : "")
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private String missing(String flow) {
        boolean ofSubject = effective() != ClientIdAttribute.EMAIL_SAN;
        return "must be an attribute that the proxy of the flow " + flow + " forwards: the " + effective()
                + " is in the certificate itself (MTLS_HEADER_CLIENT_CERT_LEAF)"
                + (ofSubject ? ", or in the subject (MTLS_HEADER_CLIENT_CERT_SUBJECT_DN)" : "");
    }

    /** Both of what the settings say of a client. */
    ClientChecks checks(CertificateStatus status) {
        return new ClientChecks() {
            @Override
            public void checkStatus(ClientCertificate certificate) {
                status.check(certificate);
            }

            @Override
            public String clientId(ClientCertificate certificate) {
                return of(certificate);
            }
        };
    }

    /** How a policy would say the same. */
    String template() {
        return PolicyContext.template(effective());
    }

    ClientIdAttribute effective() {
        return attribute.or(() -> ofHeader).orElse(ClientIdAttribute.SPIFFE_ID);
    }

    /**
     * Returns the id of a certificate's client: exactly one value, which nothing else can be taken for.
     *
     * @throws RefusedException {@code invalid_client} when there is no such value
     */
    String of(ClientCertificate certificate) {
        List<String> values = effective().values(certificate);
        if (values.size() > 1 || isSpiffeIdOneOfSeveral(certificate)) {
            throw unusable(
                    ReasonCode.AMBIGUOUS_CLIENT_ID,
                    "the certificate has several values of " + effective() + ", and none can be the client id");
        }
        if (values.isEmpty()) {
            throw unusable(ReasonCode.NO_CLIENT_ID, "the certificate has no " + effective() + " to use as client id");
        }
        check(values.get(0));
        return values.get(0);
    }

    /** Several SPIFFE IDs count as no value, also for a list. */
    private boolean isSpiffeIdOneOfSeveral(ClientCertificate certificate) {
        return effective() == ClientIdAttribute.SPIFFE_ID
                && certificate.names().spiffe().isSeveral();
    }

    private void check(String value) {
        if (isListed() && value.indexOf(',') >= 0) {
            throw unusable(ReasonCode.NO_CLIENT_ID, "a " + effective() + " with a comma cannot be a client id");
        }
        if (!DirectoryName.isPlain(value)) {
            throw unusable(
                    ReasonCode.NO_CLIENT_ID,
                    "a " + effective()
                            + " that is empty, or holds control or non-ASCII characters, cannot be a client id");
        }
        if (effective() != ClientIdAttribute.SPIFFE_ID && SpiffeId.isClaimedBy(value)) {
            throw unusable(
                    ReasonCode.NO_CLIENT_ID, "a " + effective() + " that begins with spiffe: cannot be a client id");
        }
    }

    /** Proxies send these in lists: a list could not be told from a value with a comma. */
    private boolean isListed() {
        return effective() == ClientIdAttribute.DNS_SAN || effective() == ClientIdAttribute.URI_SAN;
    }

    private RefusedException unusable(ReasonCode reason, String description) {
        String setting = attribute.isPresent() ? "CLIENT_ID" : "MTLS_HEADER_CLIENT_ID";
        String sent =
                effective().isInSummaries() ? "its header" : "the certificate itself, or the header of the subject";
        return Refusal.because(reason, description)
                .detail(setting + " makes the " + effective()
                        + " the client id: issue certificates with exactly one, check that the load balancer sends "
                        + sent + ", or "
                        + (attribute.isPresent()
                                ? "set CLIENT_ID to another attribute"
                                : "set MTLS_HEADER_CLIENT_ID to the header of another attribute"))
                .exception();
    }
}
