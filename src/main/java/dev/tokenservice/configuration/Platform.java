package dev.tokenservice.configuration;

import java.util.Map;
import java.util.Set;

/**
 * The platform of the service, derived from its environment.
 *
 * @param attachedServiceAccount whether the platform lends the service an identity, and reads its log: Cloud Run, or
 *     Knative on a cluster
 * @param cloudRun whether it is Cloud Run itself, whose ingress setting keeps everyone but the load balancer out. Knative
 *     sets the same variables, but in a cluster every neighbour reaches the port
 */
public record Platform(boolean attachedServiceAccount, boolean cloudRun) {

    private static final String SERVICE = "K_SERVICE";
    private static final String CLUSTER = "KUBERNETES_SERVICE_HOST";

    /** The variable that the platform sets for its services. */
    static final Set<String> VARIABLES = Set.of(SERVICE);

    public static Platform of(Map<String, String> environment) {
        boolean cloudRun = !environment.getOrDefault(SERVICE, "").isBlank() && !environment.containsKey(CLUSTER);
        return new Platform(environment.containsKey(SERVICE), cloudRun);
    }
}
