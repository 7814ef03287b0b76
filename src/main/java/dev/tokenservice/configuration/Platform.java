package dev.tokenservice.configuration;

import java.util.Map;

/**
 * Where the service runs, as its environment tells.
 *
 * @param attachedServiceAccount whether the platform lends the service an identity, and reads its log: Cloud Run, or
 *     Knative on a cluster
 * @param cloudRun whether it is Cloud Run itself, whose ingress setting keeps everyone but the load balancer out. Knative
 *     sets the same variables, but in a cluster every neighbour reaches the port
 */
public record Platform(boolean attachedServiceAccount, boolean cloudRun) {

    /** Reads it from environment variables. */
    public static Platform of(Map<String, String> environment) {
        boolean cloudRun = !environment.getOrDefault("K_SERVICE", "").isBlank()
                && !environment.containsKey("KUBERNETES_SERVICE_HOST");
        return new Platform(environment.containsKey("K_SERVICE"), cloudRun);
    }
}
