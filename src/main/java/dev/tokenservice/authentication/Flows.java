package dev.tokenservice.authentication;

import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.policy.Policy;
import java.util.Optional;
import java.util.Set;

/**
 * Which flow a request has: trust belongs to a connector and its peer. On the plain connector a proxy speaks for its
 * clients, if it proves to be the proxy; on the TLS connector clients speak for themselves, but for the proxies that are
 * known by their own certificate: those speak for others only.
 */
final class Flows {

    private final Optional<Flow> ofProxy;
    private final Optional<Flow> ofTls;
    private final ProxyTrust trust;
    private final Set<String> proxyHeaders;

    /**
     * Takes the enabled flows, one of each kind at most: with two that read headers a client could choose.
     *
     * @param proxyHeaders the headers of every flow, enabled or not
     */
    Flows(Optional<Flow> ofProxy, Optional<Flow> ofTls, ProxyTrust trust, Set<String> proxyHeaders) {
        this.ofProxy = ofProxy;
        this.ofTls = ofTls;
        this.trust = trust;
        this.proxyHeaders = Set.copyOf(proxyHeaders);
    }

    /** The same with the proxies that a policy names. */
    Flows with(Optional<Policy> policy) {
        return new Flows(ofProxy, ofTls, trust.with(policy), proxyHeaders);
    }

    /** Returns whether the peer of a TLS connection comes as a proxy, and not for itself. */
    boolean isProxy(Connection connection) {
        return trust.isProxy(connection);
    }

    /**
     * Chooses: evaluates the proof of the proxy.
     *
     * @param verification of the same policy, for what the flow then shows
     */
    ChosenFlow choose(IncomingRequest request, Verification verification) {
        try {
            return speaksForOthers(request.connection())
                    ? ChosenFlow.ofProxy(request, verification, ofProxy(request))
                    : ChosenFlow.ofTls(request, verification, ofTls(request));
        } catch (RefusedException e) {
            return ChosenFlow.none(request, verification, e);
        }
    }

    private boolean speaksForOthers(Connection connection) {
        return !connection.tls() || isProxy(connection);
    }

    /** Returns whether nobody but the client itself, or a proxy that must prove to be one, can show a certificate here. */
    boolean provesClient(Connection connection) {
        return !speaksForOthers(connection) || trust.basis() == ProxyTrust.Basis.PROOFS;
    }

    private Flow ofProxy(IncomingRequest request) {
        Flow flow = ofProxy.orElseThrow(() -> Refusal.because(
                        ReasonCode.NO_CERTIFICATE, "send the request, with a client certificate, to the TLS port")
                .exception());
        trust.check(request.headers(), request.connection());
        return flow;
    }

    private Flow ofTls(IncomingRequest request) {
        for (String header : proxyHeaders) {
            if (request.headers().has(header)) {
                throw Refusal.because(
                                ReasonCode.PROXY_NOT_PROVEN,
                                "the request has certificate headers, which only a proxy may send")
                        .detail("header " + header + " came over the TLS port: a client tries to forge it, or a "
                                + "proxy uses the wrong port")
                        .exception();
            }
        }
        return ofTls.orElseThrow(() -> Refusal.because(
                        ReasonCode.NO_CERTIFICATE,
                        "this port accepts no client certificates: call through the load balancer")
                .detail("AUTH_FLOWS names no flow that reads the TLS connection")
                .exception());
    }
}
