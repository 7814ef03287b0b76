package dev.tokenservice.configuration;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The settings that the classes of a configuration declare, each once, on its field. The source of everything that depends
 * on the list of settings and variables.
 *
 * @param <T> the configuration's class
 */
public final class ConfigurationModel<T> {

    private final Class<T> type;
    private final List<?> found;
    private final List<Setting> settings;
    private final Map<String, String> groups;
    private final Map<Class<?>, String> foundGroups;

    private ConfigurationModel(Class<T> type, List<?> found) {
        this.type = type;
        this.found = List.copyOf(found);
        Declarations declarations = new Declarations(this.found);
        declarations.walk(type);
        this.settings = declarations.settings();
        this.groups = declarations.groups();
        this.foundGroups = declarations.foundGroups();
    }

    /** Walks a class of settings, and the classes of its groups. */
    public static <T> ConfigurationModel<T> of(Class<T> type) {
        return of(type, List.of());
    }

    /**
     * Walks in addition the classes of objects that were found. Their settings stand in the group that they are injected into.
     *
     * @throws IllegalStateException when a setting or a variable is declared twice
     */
    public static <T> ConfigurationModel<T> of(Class<T> type, List<?> found) {
        return new ConfigurationModel<>(type, found);
    }

    public Class<T> type() {
        return type;
    }

    /** Returns the objects that were found, with or without settings. */
    List<?> found() {
        return found;
    }

    /** Where the settings of an object stand that was found; empty if it has none. */
    Optional<String> groupOf(Object object) {
        return Optional.ofNullable(foundGroups.get(object.getClass()));
    }

    /** Returns the settings that a class declares, without those of its groups. */
    List<Setting> declaredBy(Class<?> group) {
        return settings.stream()
                .filter(setting -> setting.field().getDeclaringClass() == group)
                .toList();
    }

    /** Returns every setting, in the order in which the fields are declared. */
    public List<Setting> settings() {
        return settings;
    }

    /** Returns the path of every group of settings, with what it means; empty if its settings say all. */
    public Map<String, String> groups() {
        return groups;
    }

    /** Returns the paths of the groups that the configuration's class has itself. */
    List<String> ownGroups() {
        return groups.keySet().stream()
                .filter(group -> !foundGroups.containsValue(group))
                .toList();
    }

    /** The names of all environment variables that mean something, those of the platform included. */
    public Set<String> variables() {
        Set<String> names = new TreeSet<>(Platform.VARIABLES);
        settings.forEach(setting -> names.addAll(setting.variables()));
        return names;
    }

    /** Returns those of some variables that mean something: by their names only, as a value may be a secret. */
    public SortedSet<String> known(Collection<String> names) {
        SortedSet<String> known = new TreeSet<>(names);
        known.retainAll(variables());
        return known;
    }

    /** Returns the setting at a path, or the one whose list has an item there. */
    public Optional<Setting> at(String path) {
        return settings.stream().filter(setting -> setting.isAt(path)).findFirst();
    }

    /**
     * Returns the setting that is meant by another name than its path: that of its variable, or its key without the group, in any
     * spelling. Empty if it is none, or could be several.
     */
    public Optional<Setting> meantBy(String name) {
        String folded = Suggestion.fold(name);
        return only(setting ->
                        setting.variables().stream().map(Suggestion::fold).anyMatch(folded::equals))
                .or(() -> only(setting -> Suggestion.fold(setting.path()).equals(folded)))
                .or(() -> only(
                        setting -> Suggestion.fold(setting.field().getName()).equals(folded)));
    }

    private Optional<Setting> only(Predicate<Setting> condition) {
        List<Setting> all = settings.stream().filter(condition).toList();
        return all.size() == 1 ? Optional.of(all.get(0)) : Optional.empty();
    }

    /** Returns the keys that are known in the group of a prefix, which is empty or ends with a dot. */
    Set<String> keys(String prefix) {
        Set<String> keys = new TreeSet<>();
        settings.stream()
                .map(Setting::path)
                .filter(path -> path.startsWith(prefix))
                .map(path -> path.substring(prefix.length()).replaceFirst("\\..*", ""))
                .forEach(keys::add);
        return keys;
    }

    /**
     * Returns whether what stands at a path may be a secret, or hold one: a secret setting, what is in it or around it, and its
     * neighbours that are not settings, because a misspelt key has the secret as its value.
     */
    boolean mayHoldSecret(String path) {
        Optional<Setting> known = at(path);
        return settings.stream()
                .filter(Setting::isSecret)
                .map(Setting::path)
                .anyMatch(secret -> known.map(Setting::isSecret)
                        .orElse(secret.startsWith(path)
                                || path.startsWith(secret.substring(0, secret.lastIndexOf('.') + 1))));
    }
}
