package dev.tokenservice.telemetry;

import dev.tokenservice.identity.ClientCertificate;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is known of one request and its client, for its audit line: each step notes what it has found out. */
public final class AuditTrail {

    private final InetAddress peer;
    private String requestId;
    private @Nullable String flow;
    private @Nullable ClientCertificate certificate;
    private boolean verified;
    private @Nullable String authority;
    private Optional<String> generation = Optional.empty();
    private Optional<String> content = Optional.empty();
    private @Nullable String clientId;
    private @Nullable String rule;
    private @Nullable String shadowDecision;
    private Optional<String> shadowRule = Optional.empty();
    private @Nullable Map<String, Object> inputs;
    private @Nullable String relyingParty;

    /**
     * Starts with what every request has.
     *
     * @param requestId the id that the service made for it
     * @param peer the address that the connection comes from, a proxy's if there is one
     */
    public AuditTrail(String requestId, InetAddress peer) {
        this.requestId = requestId;
        this.peer = peer;
    }

    /** Notes the id that a proxy has given the request. */
    public void requestId(String id) {
        this.requestId = id;
    }

    public String requestId() {
        return requestId;
    }

    public void flow(String name) {
        this.flow = name;
    }

    /** Notes the rule that decides. */
    public void rule(String name) {
        this.rule = name;
    }

    Optional<String> rule() {
        return Optional.ofNullable(rule);
    }

    /** Notes what the rules would decide if all of them were enforced, and which one. */
    public void shadow(String decision, Optional<String> byRule) {
        this.shadowDecision = decision;
        this.shadowRule = byRule;
    }

    Optional<String> shadowDecision() {
        return Optional.ofNullable(shadowDecision);
    }

    Optional<String> shadowRule() {
        return shadowRule;
    }

    /** Notes everything that rules can read. */
    public void inputs(Map<String, Object> ofRules) {
        this.inputs = ofRules;
    }

    Optional<Map<String, Object>> inputs() {
        return Optional.ofNullable(inputs);
    }

    /** Notes the certificate, which nobody must believe yet. */
    public void seen(ClientCertificate unverified) {
        this.certificate = unverified;
    }

    /** Notes the generation of the policy that decides, if there is one. */
    public void generation(Optional<String> ofPolicy) {
        this.generation = ofPolicy;
    }

    Optional<String> generation() {
        return generation;
    }

    /** Notes the hash of what was fetched for the policy that decides, where something is. */
    public void content(Optional<String> fetched) {
        this.content = fetched;
    }

    Optional<String> content() {
        return content;
    }

    /** Notes who vouches for the certificate. */
    public void authority(String name) {
        this.authority = name;
    }

    Optional<String> authority() {
        return Optional.ofNullable(authority);
    }

    public void verified() {
        this.verified = true;
    }

    public void clientId(String id) {
        this.clientId = id;
    }

    /** Notes for whom a token was asked for. */
    public void relyingParty(String name) {
        this.relyingParty = name;
    }

    Optional<String> relyingParty() {
        return Optional.ofNullable(relyingParty);
    }

    public boolean hasCertificate() {
        return certificate != null;
    }

    /** Returns the certificate's fingerprint, SHA-256 in base64, if it is known. */
    public Optional<String> fingerprint() {
        return certificate().flatMap(ClientCertificate::sha256);
    }

    public boolean isVerified() {
        return verified;
    }

    /** Returns as much of it as has a few hundred bytes at most, whatever stands in the certificate. */
    public AuditTrail brief() {
        AuditTrail brief = new AuditTrail(requestId, peer);
        brief.flow = flow;
        brief.verified = verified;
        brief.certificate = fingerprint().map(ClientCertificate::ofFingerprint).orElse(null);
        return brief;
    }

    InetAddress peer() {
        return peer;
    }

    Optional<String> flow() {
        return Optional.ofNullable(flow);
    }

    Optional<ClientCertificate> certificate() {
        return Optional.ofNullable(certificate);
    }

    Optional<String> clientId() {
        return Optional.ofNullable(clientId);
    }
}
