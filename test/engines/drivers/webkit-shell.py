#!/usr/bin/python3
"""A WebKitGTK browser for WebKitWebDriver, as small as can be: webkit-shell.py --automation --profile=FOLDER

The MiniBrowser that WebKit brings along forgets everything between two windows; this one keeps its profile on disk, as
a visitor's browser does. SIGUSR1 makes it forget all databases while pages have them open: what a visitor does who
clears his data.
"""

import os
import signal
import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import GLib, Gtk, WebKit2

profile = next(arg.split("=", 1)[1] for arg in sys.argv if arg.startswith("--profile="))
Gtk.init([])
data = WebKit2.WebsiteDataManager(base_data_directory=profile + "/data", base_cache_directory=profile + "/cache")
context = WebKit2.WebContext.new_with_website_data_manager(data)
context.set_automation_allowed(True)
windows = []


def open_view(opener=None):
    # What a page opens shares its opener's context.
    source = {"related_view": opener} if opener else {"web_context": context}
    view = WebKit2.WebView(is_controlled_by_automation=True, **source)
    view.get_settings().set_javascript_can_open_windows_automatically(True)
    window = Gtk.Window()
    window.set_default_size(1024, 768)
    view.connect("create", lambda view, action: open_view(view))
    view.connect("close", lambda view: window.destroy())
    window.connect("destroy", close_window)
    window.add(view)
    window.show_all()
    windows.append(window)
    return view


def close_window(window):
    windows.remove(window)
    if not windows:
        GLib.idle_add(Gtk.main_quit)


def automation_started(context, session):
    info = WebKit2.ApplicationInfo()
    info.set_name("webkit-shell")
    session.set_application_info(info)
    session.connect("create-web-view", lambda session: open_view())


def clear_databases():
    data.clear(WebKit2.WebsiteDataTypes.INDEXEDDB_DATABASES, 0, None, None)
    return GLib.SOURCE_CONTINUE


context.connect("automation-started", automation_started)
GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, signal.SIGUSR1, clear_databases)
with open(profile + "/pid", "w") as file:
    file.write(str(os.getpid()))
Gtk.main()
