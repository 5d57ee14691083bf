"""Static files under names that change with their content, so that browsers may keep them."""

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class HashedFiles(ManifestStaticFilesStorage):
    """The names inside `import … from …` of our scripts are hashed too."""

    support_js_module_import_aggregation = True
