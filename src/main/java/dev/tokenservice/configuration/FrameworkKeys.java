package dev.tokenservice.configuration;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Keys that Dropwizard has and this service has not, each with what to set instead: manuals of Dropwizard name them. */
final class FrameworkKeys {

    private static final String LIMITS =
            "the limits of connections, threads, sizes and times are fixed: see the page Architecture";
    private static final String PATHS = "the paths are fixed: see the page Token endpoint";

    private static final Map<String, String> INSTEAD = new TreeMap<>(Map.ofEntries(
            Map.entry("server.applicationConnectors", "set PORT, APPLICATION_HOST, MTLS_PORT and MTLS_HOST"),
            Map.entry("server.adminConnectors", "set ADMIN_PORT and ADMIN_HOST"),
            Map.entry("server.connector", "set PORT and APPLICATION_HOST"),
            Map.entry("server.type", "there is one kind of server: remove it"),
            Map.entry("server.gzip", "answers are never compressed: remove it"),
            Map.entry("server.shutdownGracePeriod", LIMITS),
            Map.entry("server.user", "start the service as the user that it runs as"),
            Map.entry("server.group", "start the service as the user that it runs as"),
            Map.entry("server.umask", "set the umask of the process that starts the service"),
            Map.entry("logging.type", "there is one kind of log: remove it"),
            Map.entry("health", "the probes are at /health-check: remove it"),
            Map.entry("admin", "the admin port has all tasks and checks: remove it")));

    private static final Map<String, List<String>> ALIKE = Map.of(
            LIMITS,
            List.of(
                    "maxThreads",
                    "minThreads",
                    "maxQueuedRequests",
                    "idleThreadTimeout",
                    "adminMaxThreads",
                    "adminMinThreads",
                    "acceptorThreads",
                    "selectorThreads",
                    "dumpAfterStart",
                    "dumpBeforeStop"),
            PATHS,
            List.of("rootPath", "applicationContextPath", "adminContextPath", "allowedMethods"),
            "this is fixed: remove it",
            List.of(
                    "serverPush",
                    "enableThreadNameFilter",
                    "enableVirtualThreads",
                    "registerDefaultExceptionMappers",
                    "detailedJsonProcessingExceptionMapper",
                    "responseMeteredLevel",
                    "metricPrefix",
                    "enableAdminVirtualThreads",
                    "startsAsRoot",
                    "nofileSoftLimit",
                    "nofileHardLimit",
                    "gid",
                    "uid"));

    private FrameworkKeys() {}

    /** What to do instead of a key; nothing if Dropwizard does not have it either. */
    static Optional<String> instead(String path) {
        if (INSTEAD.containsKey(path)) {
            return Optional.of(INSTEAD.get(path));
        }
        return ALIKE.entrySet().stream()
                .filter(alike ->
                        alike.getValue().stream().map("server."::concat).anyMatch(path::equals))
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
