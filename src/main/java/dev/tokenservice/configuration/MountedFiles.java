package dev.tokenservice.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The files in a container that ConfigMaps and Secrets hold which are among the files. */
final class MountedFiles {

    private final Manifests manifests;
    private final Map<String, String> contents = new LinkedHashMap<>();
    private final Set<String> ofSecrets = new TreeSet<>();

    /** What is mounted and not known, by its path. */
    private final Map<String, String> unknown = new LinkedHashMap<>();

    private MountedFiles(Manifests manifests) {
        this.manifests = manifests;
    }

    /** Reads the volumes of a pod, as far as one of its containers mounts them. */
    static MountedFiles of(JsonNode pod, JsonNode container, Manifests manifests) {
        MountedFiles mounted = new MountedFiles(manifests);
        for (JsonNode mount : container.path("volumeMounts")) {
            for (JsonNode volume : pod.path("volumes")) {
                if (volume.path("name").equals(mount.path("name"))) {
                    mounted.read(mount, volume);
                }
            }
        }
        return mounted;
    }

    private void read(JsonNode mount, JsonNode volume) {
        readSources(mount, volume, "secretName");
        for (JsonNode source : volume.path("projected").path("sources")) {
            readSources(mount, source, "name");
        }
    }

    /** Kubernetes calls the name of a Secret otherwise in a volume than in a source of one. */
    private void readSources(JsonNode mount, JsonNode holder, String secretName) {
        JsonNode configMap = holder.path("configMap");
        JsonNode secret = holder.path("secret");
        readSource(mount, configMap, "ConfigMap", configMap.path("name"));
        readSource(mount, secret, "Secret", secret.path(secretName));
    }

    private void readSource(JsonNode mount, JsonNode source, String kind, JsonNode name) {
        if (source.isMissingNode()) {
            return;
        }
        Optional<DeclaredVariables> map = manifests.find(kind, name.asText());
        if (map.isEmpty()) {
            unknown.put(mount.path("mountPath").asText(), manifests.missing(kind, name.asText()));
            return;
        }
        Map<String, String> paths = new LinkedHashMap<>();
        source.path("items")
                .forEach(item ->
                        paths.put(item.path("key").asText(), item.path("path").asText()));
        for (String key : map.get().names()) {
            if (paths.isEmpty() || paths.containsKey(key)) {
                put(mount, paths.getOrDefault(key, key), key, map.get());
            }
        }
    }

    private void put(JsonNode mount, String file, String key, DeclaredVariables map) {
        String folder = mount.path("mountPath").asText();
        JsonNode subPath = mount.path("subPath");
        if (!subPath.isMissingNode() && !subPath.asText().equals(file)) {
            return;
        }
        String path = subPath.isMissingNode() ? folder + "/" + file : folder;
        map.value(key).ifPresent(content -> contents.put(path, content));
        if (map.hidden().contains(key)) {
            ofSecrets.add(path);
        }
    }

    /** Returns whether the content of a file is known. */
    boolean has(String path) {
        return contents.containsKey(path);
    }

    /** Returns whether a Secret holds a file, so that no message may repeat anything of it. */
    boolean isSecret(String path) {
        return ofSecrets.contains(path);
    }

    /** Why the content of a file is not known. */
    String missing(String path) {
        return unknown.entrySet().stream()
                .filter(mount -> Path.of(path).startsWith(mount.getKey()))
                .map(mount -> "is in " + mount.getValue())
                .findFirst()
                .orElse("is in no ConfigMap or Secret among the files");
    }

    /** Writes all of them below a folder. */
    void writeBelow(Path root) throws IOException {
        for (Map.Entry<String, String> file : contents.entrySet()) {
            Path target = root.resolve(file.getKey().substring(1)).normalize();
            if (target.startsWith(root)) {
                Files.createDirectories(target.resolveSibling("."));
                Files.writeString(target, file.getValue());
            }
        }
    }
}
