package dev.tokenservice.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/** What a project holds: resources as gcloud prints them, IAM policies, and secrets; changed by gcloud's commands. */
final class FakeCloud {

    static final String PROJECT_NUMBER = "123456789012";
    static final String ADDRESS = "203.0.113.7";

    private static final String COMPUTE = "https://www.googleapis.com/compute/v1/projects/my-project/";

    /** What a flag of a command for Google's cloud sets in the resource. */
    private static final Map<String, BiConsumer<Map<String, String>, String>> FLAGS = Map.ofEntries(
            set("display-name", "displayName", ""),
            set("load-balancing-scheme", "loadBalancingScheme", ""),
            set("cloud-run-service", "cloudRun.service", ""),
            set("domains", "managed.domains[0]", ""),
            set("default-service", "defaultService", COMPUTE + "global/backendServices/"),
            set("url-map", "urlMap", COMPUTE + "global/urlMaps/"),
            set("ssl-policy", "sslPolicy", COMPUTE + "global/sslPolicies/"),
            set("profile", "profile", ""),
            Map.entry("min-tls-version", (resource, value) -> resource.put("minTlsVersion", "TLS_1_2")),
            set("ssl-certificates", "sslCertificates[0]", COMPUTE + "global/sslCertificates/"),
            set("target-https-proxy", "target", COMPUTE + "global/targetHttpsProxies/"),
            set(
                    "server-tls-policy",
                    "serverTlsPolicy",
                    "//networksecurity.googleapis.com/projects/" + PROJECT_NUMBER
                            + "/locations/global/serverTlsPolicies/"),
            set("network-endpoint-group", "backends[0].group", COMPUTE + "regions/europe-west1/networkEndpointGroups/"),
            set("issuer-uri", "oidc.issuerUri", ""),
            Map.entry("repository-format", (resource, value) -> resource.put("format", "DOCKER")),
            Map.entry("address", (resource, value) -> resource.put("IPAddress", ADDRESS)),
            Map.entry("attribute-mapping", FakeCloud::map));

    /** By kind and name, such as {@code compute addresses/token-service-ip}. */
    final Map<String, Map<String, String>> resources = new ConcurrentHashMap<>();

    /** By kind and name: {@code role member}. */
    final Map<String, List<String>> bindings = new ConcurrentHashMap<>();

    /** The versions of the only secret. */
    final List<String> secrets = new ArrayList<>();

    private static Map.Entry<String, BiConsumer<Map<String, String>, String>> set(
            String flag, String path, String prefix) {
        return Map.entry(flag, (resource, value) -> resource.put(path, prefix + value));
    }

    private static void map(Map<String, String> resource, String mapping) {
        resource.keySet().removeIf(path -> path.startsWith("attributeMapping."));
        for (String pair : mapping.split(",", -1)) {
            String[] parts = pair.split("=", 2);
            resource.put("attributeMapping." + parts[0], parts[1]);
        }
    }

    /** Becomes what the other is. */
    void copy(FakeCloud other) {
        resources.clear();
        other.resources.forEach((key, resource) -> resources.put(key, new TreeMap<>(resource)));
        bindings.clear();
        other.bindings.forEach((key, list) -> bindings.put(key, new ArrayList<>(list)));
        secrets.clear();
        secrets.addAll(other.secrets);
    }

    /** What the command prints, or the error that it ends with. */
    FakeReply run(FakeCall call) {
        return switch (call.action()) {
            case "describe" -> describe(call);
            case "list" ->
                FakeReply.ok(String.join("\n", resource("services", "enabled").values()));
            case "access" -> FakeReply.ok(secrets.get(secrets.size() - 1));
            case "get-iam-policy" -> FakeReply.ok(policy(key(call)));
            case "configure-docker" -> FakeReply.ok("");
            case "add-iam-policy-binding" -> bind(call);
            case "enable" -> enable(call);
            case "add" -> addSecret(call);
            case "create", "create-oidc" -> create(call);
            case "import", "replace" -> load(call);
            case "delete" -> delete(call);
            case "undelete" -> undelete(call);
            default -> update(call);
        };
    }

    private static String key(FakeCall call) {
        return call.group() + "/" + call.name();
    }

    /** The resource, made where there is none. */
    Map<String, String> resource(String kind, String name) {
        return resources.computeIfAbsent(kind + "/" + name, key -> new TreeMap<>());
    }

    private FakeReply describe(FakeCall call) {
        String format = call.flag("format");
        if (call.group().equals("projects")) {
            return FakeReply.ok(PROJECT_NUMBER);
        }
        if (call.group().equals("secrets versions")) {
            return secrets.isEmpty()
                    ? FakeReply.notFound()
                    : FakeReply.ok(format.startsWith("value") ? "" + secrets.size() : "state: ENABLED");
        }
        Map<String, String> resource = resources.get(key(call));
        if (resource == null) {
            return FakeReply.notFound();
        }
        if (format.equals("value(address)")) {
            return FakeReply.ok(ADDRESS);
        }
        if (format.startsWith("value(managed.status")) {
            return FakeReply.ok(
                    resource.getOrDefault("managed.status", "ACTIVE") + "\ttoken-service.example.com=ACTIVE");
        }
        StringBuilder lines = new StringBuilder("---\nselfLink: here");
        resource.forEach(
                (path, value) -> lines.append('\n').append(path).append(": ").append(value));
        return FakeReply.ok(lines.toString());
    }

    private String policy(String key) {
        StringBuilder lines = new StringBuilder("etag: BwY");
        List<String> all = bindings.getOrDefault(key, List.of());
        for (int i = 0; i < all.size(); i++) {
            String[] binding = all.get(i).split(" ", 3);
            lines.append("\nbindings[" + i + "].members[0]: user:somebody@example.com");
            lines.append("\nbindings[" + i + "].members[1]: " + binding[1]);
            lines.append("\nbindings[" + i + "].role: " + binding[0]);
            if (binding.length > 2) {
                lines.append("\nbindings[" + i + "].condition.expression: " + binding[2]);
            }
        }
        return lines.toString();
    }

    private FakeReply bind(FakeCall call) {
        bindings.computeIfAbsent(key(call), key -> new ArrayList<>())
                .add(call.flag("role") + " " + call.flag("member"));
        return FakeReply.ok("Updated IAM policy");
    }

    private FakeReply enable(FakeCall call) {
        for (String service : call.name().split(" ", -1)) {
            resource("services", "enabled").put(service, "config.name: " + service);
        }
        return FakeReply.ok("");
    }

    private FakeReply addSecret(FakeCall call) {
        secrets.add(call.input());
        return FakeReply.ok("");
    }

    private FakeReply create(FakeCall call) {
        if (resources.containsKey(key(call))) {
            return FakeReply.error("ALREADY_EXISTS: " + key(call));
        }
        String name = call.group().equals("iam service-accounts")
                ? call.name() + "@my-project.iam.gserviceaccount.com"
                : call.name();
        apply(call, resource(call.group(), name));
        return FakeReply.ok("");
    }

    private FakeReply update(FakeCall call) {
        if (!resources.containsKey(key(call))) {
            return FakeReply.notFound();
        }
        apply(call, resource(call.group(), call.name()));
        return FakeReply.ok("");
    }

    private static void apply(FakeCall call, Map<String, String> resource) {
        call.flags()
                .forEach((flag, value) ->
                        FLAGS.getOrDefault(flag, (ignored, none) -> {}).accept(resource, value));
    }

    /** A document replaces those parts of the resource that it names; a Cloud Run service it replaces as a whole. */
    private FakeReply load(FakeCall call) {
        Map<String, String> document = Yaml.flatten(Yaml.parse(call.input()));
        String name = call.action().equals("replace") ? String.valueOf(document.get("metadata.name")) : call.name();
        Map<String, String> resource = resource(call.group(), name);
        document.keySet().forEach(path -> resource.keySet().removeIf(old -> top(old).equals(top(path))));
        resource.putAll(document);
        return FakeReply.ok("");
    }

    private static String top(String path) {
        return path.split("[.\\[]", 2)[0];
    }

    private FakeReply delete(FakeCall call) {
        if (!resources.containsKey(key(call))) {
            return FakeReply.notFound();
        }
        bindings.remove(key(call));
        if (call.group().startsWith("iam workload-identity-pools")) {
            resource(call.group(), call.name()).put("state", "DELETED");
        } else {
            resources.remove(key(call));
        }
        if (call.group().equals("secrets")) {
            secrets.clear();
        }
        return FakeReply.ok("");
    }

    private FakeReply undelete(FakeCall call) {
        resource(call.group(), call.name()).remove("state");
        return FakeReply.ok("");
    }
}
